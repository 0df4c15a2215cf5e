"""屏幕签名: the paper and the pad for whoever holds a link, the link for the officer who made it,
and signatures that somebody should look at.

The holder's pages are public and show one document. `workflows/signing` decides everything.
"""
