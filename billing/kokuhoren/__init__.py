"""請求ファイル for 国保連: pure values in, bytes out; any bytes in, findings out. No models, no clock.

`layouts` is the data that both sides share. `statement` + `writer` make a file, `reader` + `checker`
take any file apart and know nothing of the writer; `readable` shows a file as people read it.
"""
