"""`python -m bedside.bench.icons`: the home-screen icons, drawn from icon.svg; run after a change.

Phones cut their own corners, so these have none.
"""

import io
from pathlib import Path

import bedside.web
from bedside.bench.browser import opened

SIZES = (180, 192, 512)
COLOURS = 32
_STATIC = Path(bedside.web.__file__).parent / "static"


def main() -> None:
    """Draw every size, beside the drawing it comes from."""
    from PIL import Image

    drawing = (_STATIC / "icon.svg").read_text().replace(' rx="7"', "")
    with opened() as browser:
        for size in SIZES:
            page = browser.new_page(viewport={"width": size, "height": size})
            page.set_content(f"<style>body{{margin:0}}svg{{display:block}}</style>{drawing}")
            picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB").quantize(COLOURS)
            picture.save(_STATIC / f"icon-{size}.png", optimize=True)
            page.close()


if __name__ == "__main__":
    main()
