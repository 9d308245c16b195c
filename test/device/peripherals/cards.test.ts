import { expect, it } from 'vitest'
import { type PeripheralEvent, startPeripherals } from '../../../device/peripherals/peripherals.ts'
import { startIdReaderSimulator } from '../../../drivers/simulators/id-reader.ts'
import { closing, until } from '../../drivers/support.ts'

const CARD = {
  name: '张小雨',
  sex: 'female',
  ethnicGroup: '汉',
  birth: '1988-03-12',
  address: '浙江省云溪区灯火巷1号',
  number: '330099198803120028',
  issuer: '云溪区公安分局',
  validFrom: '2020-01-01',
  validTo: '2040-01-01',
} as const

/** Longer than finding, selecting and reading a card take together. */
const A_READING_MS = 1500

it.each([
  ['a terminal reads the card that is laid on its reader', true],
  ['a pad reads nobody’s card, and knows all the same whether its reader works', false],
])('%s', async (_, takesCards) => {
  const reader = closing(await startIdReaderSimulator({ listen: 'tcp://127.0.0.1:0' }))
  reader.placeCard(CARD)
  const events: PeripheralEvent[] = []
  const peripherals = closing(
    startPeripherals({
      configuration: { idReader: { driver: 'sdt', port: reader.port } },
      listener: (event) => events.push(event),
      takesCards,
    }),
  )
  const cards = (): number => events.filter(({ kind }) => kind === 'card').length
  await until('the reader works', () => peripherals.isReady('idReader'))
  if (takesCards) await until('the card is read', () => cards() === 1)
  else await new Promise((resolve) => setTimeout(resolve, A_READING_MS))
  expect([cards(), reader.errors]).toEqual([takesCards ? 1 : 0, []])
})
