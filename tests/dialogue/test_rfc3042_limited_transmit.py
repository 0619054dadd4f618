"RFC 3042: limited transmit"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## RFC3042-limited: limited transmit: each of the first two duplicate ACKs lets a new segment out
TCP cc=2920
in ESTABLISHED
0.0  SEND 7300
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     < ACK 301 ack 101
     > ACK 3021:4481 ack 301
     < ACK 301 ack 101
     > ACK 4481:5941 ack 301
''')]
test_dialogue = each(SCRIPTS)
