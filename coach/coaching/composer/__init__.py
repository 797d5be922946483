"""The offline author: fills shapes with quotations, the pair's own words and known frames."""
