"""`python -m bedside.bench`."""

from bedside.bench.command import main

if __name__ == "__main__":
    main()
