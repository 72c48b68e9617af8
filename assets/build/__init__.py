"""Makes everything under assets/pairs and assets/models; see assets/README.md.

Needs Debian's packages fonts-noto-color-emoji and unicode-cldr-core. The lab never imports it.
"""
