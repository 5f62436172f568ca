"""`python -m pentad`."""

from pentad import main

if __name__ == "__main__":
    main()
