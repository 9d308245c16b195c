import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fixedReply, type Reply, ReplyFilter, ssiReply } from '../../../drivers/scanner/replies.ts'
import { encodeSsi, readSsi, SSI, SSI_FROM_HOST, SSI_FROM_SCANNER } from '../../../drivers/scanner/ssi.ts'
import { chunks, hex, join, toHex } from '../support.ts'

const GM65_REPLY = hex('02000001003331')
const ACK = hex('04D00000FF2C')
const NAK = hex('05D1000006FF24')
const makes = fc.constantFrom(
  { match: fixedReply(GM65_REPLY), reply: GM65_REPLY, says: 'accepted' },
  { match: ssiReply, reply: ACK, says: 'accepted' },
  { match: ssiReply, reply: NAK, says: 'refused' },
)
const cuts = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 12 })

test('SSI packets are built and read to the byte', () => {
  expect(toHex(encodeSsi(SSI.startSession, SSI_FROM_HOST))).toBe('04E40400FF14')
  expect(toHex(encodeSsi(SSI.stopSession, SSI_FROM_HOST))).toBe('04E50400FF13')
  expect(encodeSsi(SSI.ack, SSI_FROM_SCANNER)).toEqual(ACK)
  expect(encodeSsi(SSI.nak, SSI_FROM_SCANNER, Uint8Array.of(6))).toEqual(NAK)
  expect(readSsi(NAK)).toEqual({ opcode: SSI.nak, source: 0, data: Uint8Array.of(6), bytes: 7 })
  expect(() => encodeSsi(1, 4, new Uint8Array(252))).toThrow(RangeError)
})

test('any SSI packet is read back, cut short it is incomplete, with one bit turned over it is not itself', () => {
  const packets = fc.tuple(fc.nat(255), fc.nat(255), fc.uint8Array({ maxLength: 251 }))
  fc.assert(
    fc.property(packets, fc.nat(), fc.nat(7), ([opcode, source, data], where, bit) => {
      const packet = encodeSsi(opcode, source, data)
      expect(readSsi(packet)).toEqual({ opcode, source, data: Uint8Array.from(data), bytes: packet.length })
      expect(readSsi(packet.subarray(0, where % packet.length))).toBe('incomplete')
      const bent = Uint8Array.from(packet)
      const at = 1 + (where % (packet.length - 1))
      bent[at] = (bent[at] ?? 0) ^ (1 << bit)
      expect(readSsi(bent)).toBe('damaged')
    }),
  )
})

test('a reply is never scanned, wherever it is cut and whatever it is merged with', () => {
  const codes = fc.array(fc.stringMatching(/^[0-9A-Za-z]{1,30}$/), { maxLength: 4 })
  fc.assert(
    fc.property(makes, codes, cuts, ({ match, reply, says }, texts, where) => {
      const filter = new ReplyFilter(match)
      const line = join(...texts.flatMap((text) => [reply, Buffer.from(`${text}\r`)]), reply)
      const rest: Uint8Array[] = []
      const replies: Reply[] = []
      for (const chunk of chunks(line, where)) {
        const taken = filter.push(chunk)
        rest.push(Uint8Array.from(taken.rest))
        replies.push(...taken.replies)
      }
      expect(Buffer.concat(rest).toString('latin1')).toBe(texts.map((text) => `${text}\r`).join(''))
      expect(replies).toEqual(Array.from({ length: texts.length + 1 }, () => says))
      expect(filter.heldBytes).toBe(0)
    }),
  )
})

test('noise never throws, every byte goes on or is a reply or is held, and little is held', () => {
  const noise = fc.array(fc.oneof(fc.nat(255), fc.constantFrom(0, 1, 2, 4, 5, 0xd0, 0xd1, 0xff, 0x33)), {
    maxLength: 500,
  })
  fc.assert(
    fc.property(makes, noise, cuts, ({ match, reply, says }, bytes, where) => {
      const filter = new ReplyFilter(match)
      let went = 0
      for (const chunk of chunks(Uint8Array.from(bytes), where)) went += filter.push(chunk).rest.length
      expect(went + filter.replyBytes + filter.heldBytes).toBe(bytes.length)
      expect(filter.heldBytes).toBeLessThan(64)
      filter.silence()
      expect(filter.push(reply).replies).toEqual([says])
    }),
  )
})

test('what looked like a reply and is none goes on when the line falls silent', () => {
  const filter = new ReplyFilter(fixedReply(GM65_REPLY))
  expect(toHex(filter.push(hex('41020000')).rest)).toBe('41')
  expect(toHex(filter.silence())).toBe('020000')
  expect(filter.heldBytes).toBe(0)
})

test('an ack from the host is none of the scanner', () => {
  const filter = new ReplyFilter(ssiReply)
  const echo = encodeSsi(SSI.ack, SSI_FROM_HOST)
  expect(filter.push(echo)).toEqual({ rest: echo, replies: [] })
})
