/** Cards as a reader hands them out, for the simulator: the other end of decode-card.ts. */
import { type CardText, NO_EXPIRY, SEX_CODES } from './card.ts'
import { type Field, FOREIGNER_2023, KIND_AT, KIND_LETTERS, LAYOUTS } from './card-layout.ts'
import { bareDate } from './dates.ts'
import { ethnicGroupCode } from './ethnic-groups.ts'
import { EXTRA_ADDRESS_BYTES, TEXT_BYTES } from './parts.ts'

const OTHER_GROUP = '97'

/** The 256 text bytes of a card. Throws when a value does not fit its field. */
export function encodeCard(card: CardText): Uint8Array {
  const characters = new Array<string>(TEXT_BYTES / 2).fill(' ')
  const put = (field: Field, value: string): void => {
    if (value.length > field[1] / 2) throw new RangeError('a value is too long for its field on the card')
    for (let index = 0; index < value.length; index += 1)
      characters[field[0] / 2 + index] = value[index] ?? ' '
  }
  const values: Record<string, string> = {
    ...textsOf(card),
    sex: SEX_CODES[card.sex],
    birth: bareDate(card.birth),
    validFrom: bareDate(card.validFrom),
    validTo: card.validTo === NO_EXPIRY ? NO_EXPIRY : bareDate(card.validTo),
  }
  for (const [name, field] of Object.entries(LAYOUTS[card.kind])) put(field, values[name] ?? '')
  put(KIND_AT, KIND_LETTERS[card.kind])
  return Uint8Array.from(Buffer.from(characters.join(''), 'utf16le'))
}

/** The 70 bytes of a later address. Throws when it is longer. */
export function encodeExtraAddress(address: string): Uint8Array {
  const length = EXTRA_ADDRESS_BYTES / 2
  if (address.length > length) throw new RangeError('a later address is too long for its field on the card')
  return Uint8Array.from(Buffer.from(address.padEnd(length), 'utf16le'))
}

function textsOf(card: CardText): Record<string, string> {
  switch (card.kind) {
    case 'citizen':
      return { ...card, ethnicGroup: ethnicGroupCode(card.ethnicGroup) ?? OTHER_GROUP }
    case 'residence-permit-hmt':
      return { ...card }
    case 'foreigner-2017':
      return { ...card, name: chineseName(card) }
    case 'foreigner-2023': {
      const half = FOREIGNER_2023.englishName[1] / 2
      const [englishName, englishNameRest] = [card.englishName.slice(0, half), card.englishName.slice(half)]
      return { ...card, name: chineseName(card), englishName, englishNameRest }
    }
  }
}

/** A card without one shows only the English name. */
function chineseName(card: { name: string; englishName: string }): string {
  return card.name === card.englishName ? '' : card.name
}
