"""防篡改印: an integrity seal on a finished document, and who in this installation makes it.

The installation is its own authority (`authority.py`): a root, a time-stamp authority and one seal
certificate for each unit. Signing and checking PDFs belong to the web's child processes and come in
through a port (`signing.py`). A seal is ordered in the transaction of an act (`order.py`), made by
the worker (`work.py`), and anybody may ask about it (`verify.py`). It is evidence that nothing was
changed, never a statutory electronic seal. Start reading at `authority.py`.
"""
