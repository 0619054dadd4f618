"RFC 5961: challenge ACKs, and their limit"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## RFC5961-7-limit: challenge ACKs are limited: so many in 5 seconds
TCP challenges=2
in ESTABLISHED
10.0 < RST 302
     > ACK 101 ack 301
12.0 < SYN 302
     > ACK 101 ack 301
14.0 < RST 302
     < SYN 302
     < ACK 301 ack 102
     < ACK 299 ack 101
15.0 < RST 302
     > ACK 101 ack 301

## RFC5961-7-ten: ten, unless chosen otherwise
in ESTABLISHED
10.0 < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     > ACK 101 ack 301
     < RST 302
     = ESTABLISHED

## RFC5961-7-data: old data are answered without such a limit: their sender waits for it
TCP challenges=0
in ESTABLISHED
0.0  < ACK 291:301 ack 101
     > ACK 101 ack 301
     < RST 302
     = ESTABLISHED
''')]
test_dialogue = each(SCRIPTS)
