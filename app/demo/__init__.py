"""Invented families: one to begin with, and wards full of them for trials and benchmarks."""
