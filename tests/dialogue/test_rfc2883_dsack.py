"RFC 2883: SACK tells also of what came twice"
from dialogue.script import each, scripts

SCRIPTS = [*scripts('''
## RFC2883-4.1.1: D-SACK: what comes again is told, once, below the ACK
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 301:801 ack 101
     < ACK 801:3301 ack 101
     > ACK 101 ack 3301
     < ACK 301:801 ack 101
     > ACK 101 ack 3301 sack 301:801
     < ACK 3301:5301 ack 101
     > ACK 101 ack 5301

## RFC2883-4.1.2: D-SACK: before the blocks of what is held
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 801:1301 ack 101
     > ACK 101 ack 301 sack 801:1301
     < ACK 201:301 ack 101
     > ACK 101 ack 301 sack 201:301,801:1301

## RFC2883-4.1.3: D-SACK: of what is held, with the block that has it as the second
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 801:1301 ack 101
     > ACK 101 ack 301 sack 801:1301
     < ACK 1301:1801 ack 101
     > ACK 101 ack 301 sack 801:1801
     < ACK 1301:1801 ack 101
     > ACK 101 ack 301 sack 1301:1801,801:1801

## RFC2883-4.2.1: D-SACK: of a segment only the part that came before, at once
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 301:801 ack 101
     < ACK 501:1001 ack 101
     > ACK 101 ack 1001 sack 501:801
     < ACK 1501:2001 ack 101
     > ACK 101 ack 1001 sack 1501:2001
     < ACK 1001:1701 ack 101
     > ACK 101 ack 2001 sack 1501:1701

## RFC2883-4.2.2: D-SACK: also where it makes a block larger
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 801:1301 ack 101
     > ACK 101 ack 301 sack 801:1301
     < ACK 1101:1501 ack 101
     > ACK 101 ack 301 sack 1101:1301,801:1501

## RFC2883-4.2.3: D-SACK: of two such parts the first
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < ACK 801:901 ack 101
     > ACK 101 ack 301 sack 801:901
     < ACK 1001:1101 ack 101
     > ACK 101 ack 301 sack 1001:1101,801:901
     < ACK 701:1201 ack 101
     > ACK 101 ack 301 sack 801:901,701:1201

## RFC2883-4-fin: D-SACK: of octets alone: a FIN that comes again has none
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     < FIN,ACK 301:311 ack 101
     > ACK 101 ack 312
     < FIN,ACK 301:311 ack 101
     > ACK 101 ack 312 sack 301:311
     < FIN,ACK 311 ack 101
     > ACK 101 ack 312

## RFC2883-4-off: D-SACK: not where SACK was not agreed on, and nothing for what is refused in silence
in ESTABLISHED
0.0  < ACK 291:301 ack 101
     > ACK 101 ack 301
     < RST 291:301
     < ACK 301:311 ack 101
0.2  > ACK 101 ack 311

## RFC2883-4-data: D-SACK: it rides on data, too, and takes its room
TCP sack=True nagle=False
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK win 1000
     > ACK 101 ack 301
     SEND 2500
     > ACK 101:1101 ack 301
     < ACK 201:311 ack 1101
     > ACK 1101:2089 ack 311 sack 201:301
     > PSH,ACK 2089:2601 ack 311

## RFC2883-5-news: D-SACK: three of them are no duplicate ACKs, and no news
TCP sack=True
0.0  OPEN active
     > SYN 100 mss 1460 sackOK
     < SYN,ACK 300 ack 101 mss 1000 sackOK
     > ACK 101 ack 301
     SEND 4000
     > ACK 101:1101 ack 301
     > ACK 1101:2101 ack 301
     > ACK 2101:3101 ack 301
     > PSH,ACK 3101:4101 ack 301
     < ACK 301 ack 1101
     < ACK 301 ack 1101 sack 101:1101
     < ACK 301 ack 1101 sack 101:601
     < ACK 301 ack 1101 sack 601:1101
     = ESTABLISHED, sacked (), dupacks 0, recovering False
     < ACK 301 ack 1101 sack 2101:3101
     = ESTABLISHED, dupacks 1
     < ACK 301 ack 1101 sack 2101:2601,2101:3101
     < ACK 301 ack 1101 sack 2601:3101,2101:3101
     = ESTABLISHED, dupacks 1, recovering False
     < ACK 301 ack 1101 sack 3101:3201,1101:4101
     = ESTABLISHED, dupacks 1, recovering False
''')]
test_dialogue = each(SCRIPTS)
