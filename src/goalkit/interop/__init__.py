"""Files and other products' formats, one module a format; each goes through documents."""
