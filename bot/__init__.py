"""Find, fix, build and prove what keeps a repository off arm64."""
