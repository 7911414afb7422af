"""Tests of the engines that trust domains get."""
