#!/bin/sh
/usr/glibc-compat/sbin/ldconfig
