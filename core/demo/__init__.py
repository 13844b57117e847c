"""A sample council with three years of complaints, all made up, and made only through commands."""

from core.demo.building import Progress, build_demo

__all__ = ["Progress", "build_demo"]
