import { inspect } from 'node:util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CardText, withPhoto } from '../../../drivers/id-reader/card.ts'
import { type CardFault, decodeCard, decodeExtraAddress } from '../../../drivers/id-reader/decode-card.ts'
import { encodeCard, encodeExtraAddress } from '../../../drivers/id-reader/encode-card.ts'
import { checkCharacter } from '../../../drivers/id-reader/id-number.ts'

const shared = { sex: 'female', validFrom: '2020-01-01', validTo: '2040-01-01' } as const

const citizen: CardText = {
  ...shared,
  kind: 'citizen',
  name: '张𬭎䶮',
  ethnicGroup: '维吾尔',
  birth: '1949-12-31',
  address: '北京市朝阳区三里屯街道1号楼2单元303室',
  number: '11010519491231002X',
  issuer: '北京市公安局朝阳分局',
  validTo: '长期',
}
const permit: CardText = {
  ...shared,
  kind: 'residence-permit-hmt',
  name: '陳小雨',
  birth: '1994-08-23',
  address: '广东省深圳市',
  number: '810000199408230021',
  issuer: '深圳市公安局',
  passNumber: 'H12345678',
  issueCount: '01',
}
const foreigner2017: CardText = {
  ...shared,
  kind: 'foreigner-2017',
  name: '玛丽',
  englishName: 'JOHNSON, MARY ANN',
  birth: '1990-01-01',
  number: 'USA110000900101',
  nationality: 'USA',
  version: '01',
  issuer: '1500',
}
const foreigner2023: CardText = {
  ...shared,
  kind: 'foreigner-2023',
  sex: 'male',
  name: '马克',
  englishName: 'WOLFESCHLEGELSTEINHAUSENBERGERDORFF, MARK',
  birth: '1985-01-01',
  number: '932682198501010017',
  nationality: 'DEU',
  changeCount: '00',
}
const all = [citizen, permit, foreigner2017, foreigner2023]

test.each(all.map((card) => [card.kind, card] as const))('a %s card is read field by field', (_, card) => {
  const bytes = encodeCard(card)
  expect(bytes).toHaveLength(256)
  expect(decodeCard(bytes)).toEqual({ ok: true, card, warnings: [] })
})

test.each<[CardText, [offset: number, length: number, value: string][]]>([
  [
    citizen,
    [
      [0, 30, '张𬭎䶮'],
      [30, 2, '2'],
      [32, 4, '05'],
      [36, 16, '19491231'],
      [52, 70, '北京市朝阳区三里屯街道1号楼2单元303室'],
      [122, 36, '11010519491231002X'],
      [158, 30, '北京市公安局朝阳分局'],
      [188, 16, '20200101'],
      [204, 16, '长期'],
      [220, 36, ''],
    ],
  ],
  [
    permit,
    [
      [32, 4, ''],
      [220, 18, 'H12345678'],
      [238, 4, '01'],
      [248, 2, 'J'],
    ],
  ],
  [
    foreigner2017,
    [
      [0, 120, 'JOHNSON, MARY ANN'],
      [120, 2, '2'],
      [122, 30, 'USA110000900101'],
      [152, 6, 'USA'],
      [158, 30, '玛丽'],
      [188, 16, '20200101'],
      [204, 16, '20400101'],
      [220, 16, '19900101'],
      [236, 4, '01'],
      [240, 8, '1500'],
      [248, 2, 'I'],
    ],
  ],
  [
    foreigner2023,
    [
      [0, 30, '马克'],
      [32, 4, '00'],
      [52, 70, 'WOLFESCHLEGELSTEINHAUSENBERGERDORFF'],
      [158, 30, ''],
      [220, 22, ', MARK'],
      [242, 6, 'DEU'],
      [248, 2, 'Y'],
    ],
  ],
])('the offsets are those of the standard: card %#', (card, fields) => {
  const text = Buffer.from(encodeCard(card)).toString('utf16le')
  for (const [offset, length, value] of fields) {
    expect(text.slice(offset / 2, (offset + length) / 2).trimEnd()).toBe(value)
  }
})

test('a foreigner without a Chinese name is called by the English one', () => {
  const decoded = decodeCard(encodeCard({ ...foreigner2017, name: foreigner2017.englishName }))
  expect(decoded.ok && decoded.card.name).toBe('JOHNSON, MARY ANN')
})

function changed(card: CardText, offset: number, text: string): Uint8Array {
  const bytes = encodeCard(card)
  bytes.set(Buffer.from(text, 'utf16le'), offset)
  return bytes
}

/** The same number with its check character made right again. */
function numbered(seventeen: string): string {
  return seventeen + checkCharacter(seventeen)
}

test.each<[CardFault, Uint8Array]>([
  ['size', new Uint8Array(255)],
  ['control-character', changed(citizen, 52, '\u0007')],
  ['control-character', changed(permit, 0, '陳\u202e')],
  ['control-character', changed(permit, 220, 'H\u0000I')],
  ['control-character', changed(foreigner2017, 240, '\u2028')],
  ['unpaired-surrogate', changed(citizen, 52, '\ud800 ')],
  // The second half of a rare character, beyond the end of the field.
  ['unpaired-surrogate', changed(citizen, 28, '\ud86d')],
  ['name', changed(citizen, 0, ' '.repeat(15))],
  ['name', changed(citizen, 0, '\u3000'.repeat(15))],
  ['sex', changed(citizen, 30, '5')],
  ['ethnic-group', changed(citizen, 32, '77')],
  ['birth', changed(citizen, 36, '19490230')],
  ['birth', changed(foreigner2017, 220, '19900199')],
  ['number-length', changed(citizen, 122, '11010519491231002 ')],
  ['number-characters', changed(citizen, 122, '11010519491231002x')],
  ['number-area', changed(citizen, 122, numbered('16010519491231002'))],
  ['number-date', changed(citizen, 122, numbered('11010519490230002'))],
  ['number-check-digit', changed(citizen, 122, '110105194912310021')],
  ['number-of-another-kind', changed(citizen, 122, '810000199408230021')],
  ['number-of-another-kind', changed(permit, 122, '11010519491231002X')],
  ['number-of-another-kind', changed(foreigner2023, 122, '11010519491231002X')],
  ['number-length', changed(foreigner2017, 122, 'USA11000090010 ')],
  ['number-of-another-birth', changed(citizen, 36, '19491230')],
  ['number-of-another-birth', changed(permit, 36, '19940824')],
  ['number-of-another-birth', changed(foreigner2023, 36, '19850102')],
  ['valid-from', changed(citizen, 188, '2020    ')],
  ['valid-from', changed(citizen, 188, '20200230')],
  ['valid-to', changed(citizen, 204, '永远')],
])('a card is refused whole for its %s', (fault, bytes) => {
  expect(decodeCard(bytes)).toEqual({ ok: false, fault })
})

test('NUL is padding as blanks are, and what stands in reserved bytes names no kind of card', () => {
  const padded = encodeCard(citizen)
  const nul = Buffer.from('\u0000\u0000', 'utf16le')
  for (const offset of [26, 118, 184]) padded.set(nul, offset)
  expect(decodeCard(padded)).toEqual({ ok: true, card: citizen, warnings: [] })
  for (const letter of ['Q', '\u0000', '0', '\uffff']) {
    expect(decodeCard(changed(citizen, 248, letter))).toEqual({ ok: true, card: citizen, warnings: [] })
    // The number decides: a permit without its letter is none.
    expect(decodeCard(changed(permit, 248, letter))).toMatchObject({ ok: false })
  }
  expect(decodeExtraAddress(Buffer.from('新河路\u0000\u0000', 'utf16le'))).toEqual({
    ok: true,
    address: '新河路',
  })
})

test('nobody is born tomorrow, and a clock that lost its battery turns nobody away', () => {
  const on = (today: string, card: CardText): unknown => decodeCard(encodeCard(card), today)
  const born = (birth: string, number: string): CardText => ({
    ...citizen,
    birth,
    number,
    validFrom: '2040-01-01',
  })
  const child = born('2031-05-01', numbered('33009920310501002'))
  expect(on('2031-04-30', child)).toEqual({ ok: false, fault: 'number-date' })
  expect(on('2031-05-01', child)).toMatchObject({ ok: true })
  expect(on('2031-04-30', { ...foreigner2017, birth: '2031-05-01' })).toEqual({ ok: false, fault: 'birth' })
  expect(on('1970-01-01', permit)).toMatchObject({ ok: true })
})

test('a card that begins before its holder was born is a warning', () => {
  const decoded = decodeCard(encodeCard({ ...permit, validFrom: '1994-08-22' }))
  expect(decoded.ok && decoded.warnings).toEqual(['valid-before-birth'])
})

test('what issuers leave in reserved bytes turns nobody away', () => {
  const decoded = decodeCard(changed(citizen, 220, '\u0000\u0001\ud800'))
  expect(decoded).toEqual({ ok: true, card: citizen, warnings: [] })
  expect(decodeCard(changed(foreigner2023, 158, '\u0000')).ok).toBe(true)
})

test('a sex that the number denies is a warning, not a refusal', () => {
  const decoded = decodeCard(encodeCard({ ...citizen, sex: 'male' }))
  expect(decoded.ok && decoded.warnings).toEqual(['sex-differs-from-number'])
  for (const sex of ['unknown', 'not-stated'] as const) {
    const unstated = decodeCard(encodeCard({ ...citizen, sex }))
    expect(unstated.ok && unstated.warnings).toEqual([])
  }
})

test('a card that expires before it begins is a warning, and one that does not expire is none', () => {
  const decoded = decodeCard(encodeCard({ ...permit, validTo: '2019-12-31' }))
  expect(decoded.ok && decoded.warnings).toEqual(['validity-reversed'])
})

test.each([
  ['two words over both fields', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ ABCDEFGH SECOND'],
  ['the longest there is', 'A'.repeat(46)],
  ['one that fits the first', 'SHORT, NAME'],
])('the English name of a card of 2023 is whole: %s', (_, englishName) => {
  const decoded = decodeCard(encodeCard({ ...foreigner2023, englishName }))
  expect(decoded.ok && decoded.card.englishName).toBe(englishName)
})

test('every kind of card may be good for ever', () => {
  for (const card of all) {
    const decoded = decodeCard(encodeCard({ ...card, validTo: '长期' }))
    expect(decoded.ok && decoded.card.validTo).toBe('长期')
  }
})

test('a later address is read up to 70 bytes, and refused whole when it is broken', () => {
  expect(decodeExtraAddress(encodeExtraAddress('北京市海淀区'))).toEqual({
    ok: true,
    address: '北京市海淀区',
  })
  expect(decodeExtraAddress(encodeExtraAddress('住'.repeat(35)))).toEqual({
    ok: true,
    address: '住'.repeat(35),
  })
  expect(decodeExtraAddress(encodeExtraAddress(''))).toEqual({ ok: true, address: undefined })
  expect(decodeExtraAddress(encodeExtraAddress('北\u0007'))).toEqual({
    ok: false,
    fault: 'control-character',
  })
  expect(decodeExtraAddress(new Uint8Array(72))).toEqual({ ok: false, fault: 'size' })
  expect(decodeExtraAddress(new Uint8Array(9))).toEqual({ ok: false, fault: 'size' })
})

test('whatever fits a card comes back from its bytes', () => {
  const name = fc.stringMatching(/^[\u4e00-\u9fff·]{1,15}$/)
  const latin = fc.stringMatching(/^[A-Z][A-Z, ]{0,43}[A-Z]$/)
  fc.assert(
    fc.property(name, latin, fc.constantFrom(...all), (chinese, english, card) => {
      const named =
        'englishName' in card ? { ...card, name: chinese, englishName: english } : { ...card, name: chinese }
      expect(decodeCard(encodeCard(named))).toEqual({ ok: true, card: named, warnings: [] })
    }),
  )
})

test('no bytes make the decoders throw, and no half card comes out of them', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ minLength: 256, maxLength: 256 }),
      fc.constantFrom(' ', 'J', 'I', 'Y'),
      (bytes, kind) => {
        bytes.set(Buffer.from(kind, 'utf16le'), 248)
        const decoded = decodeCard(bytes)
        expect(Object.keys(decoded).sort()).toEqual(decoded.ok ? ['card', 'ok', 'warnings'] : ['fault', 'ok'])
        expect(typeof decodeExtraAddress(bytes.subarray(0, bytes[0])).ok).toBe('boolean')
      },
    ),
  )
})

test('a photo cannot be printed, not even from a revealed card', () => {
  const card = withPhoto(citizen, Uint8Array.of(1, 2, 3))
  expect(JSON.parse(JSON.stringify(card)).photo).toBe('[personal]')
  expect(inspect(card)).toContain('photo: [personal]')
  expect(card.photo.reveal()).toEqual(Uint8Array.of(1, 2, 3))
})
