"RFC 6582: recovery without SACK"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## RFC6582-3.2-partial: without SACK: an ACK of only a part of it:
##   the next segment is sent again at once, until all is acknowledged
in ESTABLISHED
0.0  SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
     < ACK 301 ack 3021
     > ACK 3021:4481 ack 301
     = ESTABLISHED, recovering True
     < ACK 301 ack 5941
     = ESTABLISHED, recovering False

## RFC6582-4.1-after: without SACK: after a time-out, duplicates of what was sent before it mean nothing
in ESTABLISHED
0.0  SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
1.0  > ACK 101:1561 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     = ESTABLISHED, recovering False

## RFC6582-4-timeout: without SACK: a time-out ends a recovery
in ESTABLISHED
0.0  SEND 5840
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > PSH,ACK 4481:5941 ack 301
     < ACK 301 ack 101
     < ACK 301 ack 101
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
1.0  > ACK 101:1561 ack 301
     = ESTABLISHED, recovering False, dupacks 0, left 0

## RFC6582-3.2-window: without SACK: each further duplicate lets a segment out,
##   and an ACK of a part takes back what it told twice
TCP cc=7300
in ESTABLISHED
0.0  SEND 20440
     > ACK 101:1561 ack 301
     > ACK 1561:3021 ack 301
     > ACK 3021:4481 ack 301
     > ACK 4481:5941 ack 301
     > ACK 5941:7401 ack 301
     < ACK 301 ack 101
     > ACK 7401:8861 ack 301
     < ACK 301 ack 101
     > ACK 8861:10321 ack 301
     < ACK 301 ack 101
     > ACK 101:1561 ack 301
     > ACK 10321:11781 ack 301
     < ACK 301 ack 101
     > ACK 11781:13241 ack 301
     < ACK 301 ack 101
     > ACK 13241:14701 ack 301
     < ACK 301 ack 3021
     > ACK 3021:4481 ack 301
     > ACK 14701:16161 ack 301
     < ACK 301 ack 13241
     > ACK 16161:17621 ack 301
     > ACK 17621:19081 ack 301
     > PSH,ACK 19081:20541 ack 301
     = ESTABLISHED, recovering False
''')]
test_dialogue = each(SCRIPTS)
