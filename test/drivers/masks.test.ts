import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { CardText } from '../../drivers/id-reader/card.ts'
import { encodeCard } from '../../drivers/id-reader/encode-card.ts'
import { encodeReply } from '../../drivers/id-reader/frame.ts'
import { encodeWrappedPacket } from '../../drivers/id-reader/hid-wrapped.ts'
import { idReaderMask } from '../../drivers/id-reader/mask.ts'
import { PHOTO_BYTES, TEXT_BYTES } from '../../drivers/id-reader/parts.ts'
import { idReaderProfile } from '../../drivers/id-reader/profile.ts'
import { encodeRequest } from '../../drivers/id-reader/requests.ts'
import { keypadMask } from '../../drivers/keypad/mask.ts'
import { ippMask } from '../../drivers/page-printer/mask.ts'
import type { ReceiptDocument } from '../../drivers/receipt-printer/document.ts'
import { encodeDocument } from '../../drivers/receipt-printer/encode-document.ts'
import { statusQuery } from '../../drivers/receipt-printer/escpos.ts'
import { receiptPrinterMask } from '../../drivers/receipt-printer/mask.ts'
import { receiptPrinterProfile } from '../../drivers/receipt-printer/profile.ts'
import { scannerMask } from '../../drivers/scanner/mask.ts'
import { scannerProfile } from '../../drivers/scanner/profile.ts'
import type { ByteMask } from '../../drivers/transport/tap.ts'
import { chunks, hex, join, toHex } from './support.ts'

/** What is seen of bytes, as one text; `··` for what is hidden. */
const seen = (mask: ByteMask, direction: 'in' | 'out', parts: readonly Uint8Array[]): string =>
  parts
    .flatMap((part) => {
      const shown = mask.shown(direction, part)
      return Array.from(part, (byte, at) => (shown[at] ? toHex(Uint8Array.of(byte)) : '··'))
    })
    .join(' ')

const profileOf = <T>(profile: T | undefined): T => {
  if (profile === undefined) throw new Error('no such profile')
  return profile
}

const CARD: CardText = {
  kind: 'citizen',
  name: '张小雨',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1988-03-12',
  address: '浙江省云溪区灯火巷1号',
  number: '330099198803120028',
  issuer: '云溪区公安分局',
  validFrom: '2020-01-01',
  validTo: '长期',
}

const BASE_HEAD = Uint8Array.of(TEXT_BYTES >> 8, 0, PHOTO_BYTES >> 8, 0)
const cardReply = encodeReply(0x90, join(BASE_HEAD, encodeCard(CARD), new Uint8Array(PHOTO_BYTES).fill(0xaa)))

describe('bytes of an ID card reader', () => {
  const serial = () => idReaderMask(profileOf(idReaderProfile('serial')))

  it('are shown of a card as far as its head, however the frame is split, and never a byte more', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 6 }), (cuts) => {
        const mask = serial()
        mask.shown('out', encodeRequest('read-base'))
        const text = seen(mask, 'in', chunks(cardReply, cuts)).split(' ')
        expect(text.slice(10).every((pair) => pair === '··')).toBe(true)
        expect(text.slice(5, 10)).toEqual(['05', '08', '00', '00', '90'])
      }),
    )
  })

  it('are shown whole of requests, of bare statuses and of the SAM’s own number, and hidden of a later address', () => {
    const mask = serial()
    expect(seen(mask, 'out', [encodeRequest('sam-id')])).not.toContain('··')
    expect(seen(mask, 'in', [encodeReply(0x90, new Uint8Array(16).fill(5))])).not.toContain('··')
    mask.shown('out', encodeRequest('read-extra-address'))
    const address = encodeReply(0x90, new Uint8Array(16).fill(0x4e))
    expect(seen(mask, 'in', [address])).toMatch(/^AA AA AA 96 69 00 14 00 00 90( ··){17}$/)
    expect(seen(mask, 'in', [encodeReply(0x80)])).toBe('AA AA AA 96 69 00 04 00 00 80 84')
  })

  it('are hidden outside of frames: what lost its beginning may be half of somebody’s card', () => {
    const mask = serial()
    const rest = cardReply.slice(40)
    expect(seen(mask, 'in', [rest])).not.toMatch(/[0-9A-F]/)
    expect(seen(mask, 'in', [encodeReply(0x80)])).not.toContain('··')
  })

  it('are hidden in the packets of a reader on USB, too', () => {
    const shape = { reportBytes: 64, lengthCounts: 3 }
    const mask = idReaderMask(profileOf(idReaderProfile('hid-wrapped')))
    mask.shown('out', encodeRequest('read-base'))
    const packets = Array.from({ length: Math.ceil(cardReply.length / 54) }, (_, index) =>
      encodeWrappedPacket(
        { serial: 7, number: index, ok: true, data: cardReply.subarray(index * 54, (index + 1) * 54) },
        shape,
      ),
    )
    const [first = '', second = ''] = packets.map((packet) => seen(mask, 'in', [packet]))
    expect(first.split(' ').slice(8, 18).join(' ')).toBe('AA AA AA 96 69 05 08 00 00 90')
    expect(first.split(' ').slice(18).join('')).not.toMatch(/[0-9A-F]/)
    expect(second.split(' ').slice(8).join('')).not.toMatch(/[0-9A-F]/)
  })
})

describe('bytes of a scanner', () => {
  it('show where a code ends and nothing that it says', () => {
    const mask = scannerMask(profileOf(scannerProfile('generic-serial')))
    expect(seen(mask, 'in', [Buffer.from(']Q1张小雨330099198803120028\r')])).toMatch(/^(·· )+0D$/)
  })

  it('show triggers and what the scanner answers to them', () => {
    const mask = scannerMask(profileOf(scannerProfile('gm65')))
    expect(seen(mask, 'out', [hex('7E 00 08 01 00 02 01 AB CD')])).not.toContain('··')
    expect(seen(mask, 'in', [hex('02 00 00 01 00 33 31')])).not.toContain('··')
    expect(seen(mask, 'in', [hex('02 00 00 01 00 33 31 41 0D')])).toMatch(/^(·· ){8}0D$/)
    const ssi = scannerMask(profileOf(scannerProfile('zebra-ssi')))
    expect(seen(ssi, 'in', [hex('04 D0 00 00 FF 2C')])).not.toContain('··')
    expect(seen(ssi, 'in', [hex('05 F3 00 00 41 FE C7')])).not.toMatch(/[0-9A-F]/)
  })

  it('show of a report on USB its number alone', () => {
    const mask = scannerMask(profileOf(scannerProfile('generic-hid-pos')))
    expect(seen(mask, 'in', [hex('02 03 5D 51 31 41 42 43')])).toBe('02 ·· ·· ·· ·· ·· ·· ··')
  })
})

describe('bytes of a receipt printer', () => {
  const profile = profileOf(receiptPrinterProfile('print-done-80'))
  const receipt = (name: string, number: string): ReceiptDocument => ({
    elements: [
      { kind: 'text', text: name, bold: true, size: 'double' },
      {
        kind: 'columns',
        columns: [
          { text: name, share: 0.5 },
          { text: number, share: 0.5, align: 'right' },
        ],
      },
      { kind: 'barcode', value: number },
      { kind: 'qr', value: number },
      { kind: 'cut' },
    ],
  })
  const looks = (document: ReceiptDocument): string =>
    seen(
      receiptPrinterMask(),
      'out',
      encodeDocument(document, profile).commands.map(({ bytes }) => bytes),
    )

  it('look the same for two people: names in the font, rare ones that are drawn, and both codes are hidden', () => {
    const one = looks(receipt('张小雨䶮', '330099198803120028'))
    expect(looks(receipt('王大山㛃', '330099197501010013'))).toBe(one)
    expect(one).toMatch(/^1B 40 1C 26/)
    expect(one).toContain('1D 56 42 00')
  })

  it('are hidden until a document begins: whoever looks in the middle of a picture sees none of it', () => {
    const mask = receiptPrinterMask()
    expect(seen(mask, 'out', [hex('1D 76 30 00 02 00 01 00 1B 40'), hex('D5 C5 1B 64 03')])).not.toMatch(
      /[0-9A-F]/,
    )
    expect(seen(mask, 'out', [statusQuery(4)])).toBe('10 04 04')
    expect(seen(mask, 'in', [hex('12')])).toBe('12')
    expect(seen(mask, 'out', [hex('1B 40 D5 C5 0A')])).toBe('1B 40 ·· ·· 0A')
  })

  it('are hidden from a command on that nobody knows', () => {
    const mask = receiptPrinterMask()
    expect(seen(mask, 'out', [hex('1B 40 1B 99 41 42 1B 64 03')])).toBe('1B 40 1B ·· ·· ·· ·· ·· ··')
  })
})

describe('bytes of the others', () => {
  it('show of a message to a page printer its head: neither job, nor user, nor page', () => {
    const mask = ippMask()
    mask.begin()
    const message = hex('02 00 00 02 00 00 00 07 01 47 00 12')
    expect(seen(mask, 'out', [message, hex('25 50 44 46')])).toBe(
      '02 00 00 02 00 00 00 07 ·· ·· ·· ·· ·· ·· ·· ··',
    )
  })

  it('hide a keypad’s keys while they are a citizen’s answer', () => {
    let isSecret = true
    const mask = keypadMask(() => isSecret)
    const press = hex('FF 68 03 03 68 01 11 00 12 16')
    expect(seen(mask, 'in', [press])).not.toMatch(/[0-9A-F]/)
    isSecret = false
    expect(seen(mask, 'in', [press])).not.toContain('··')
  })
})
