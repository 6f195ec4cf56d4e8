"""`python -m course_tools` is `course`."""

from course_tools.cli import main

if __name__ == "__main__":
    main()
