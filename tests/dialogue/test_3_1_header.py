"RFC 9293 §3.1: the fields of a header"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## 3.1-window (MUST-1, REC-1): the window is an unsigned number, of up to 32 bits once it is scaled
TCP scaling=True
0.0  OPEN active
     > SYN 100 win 65535 mss 1460 wscale 0
     < SYN,ACK 300 ack 101 win 65535 mss 1460 wscale 14
     > ACK 101 ack 301
     < ACK 301 ack 101 win 65535
     = ESTABLISHED, snd_wnd 1073725440
''')]
test_dialogue = each(SCRIPTS)
