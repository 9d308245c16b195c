import { expect, it } from 'vitest'
import type { Service } from '../../../device/http/contract.ts'
import { type TileConditions, tilesOf } from '../../../device/session/tiles.ts'

const ALL_WELL: TileConditions = {
  offered: ['guides', 'my-papers', 'pickup', 'progress'],
  online: true,
  reader: true,
  scanner: true,
  content: true,
  numbers: true,
}
const reasons = (change: Partial<TileConditions>): Partial<Record<Service, string | null>> =>
  Object.fromEntries(
    tilesOf({ ...ALL_WELL, ...change }).map(({ service, unavailable }) => [service, unavailable]),
  )

it('six tiles stand in their places, whatever is down', () => {
  const order = ['guides', 'my-papers', 'pickup', 'progress', 'ticket', 'feedback']
  expect(tilesOf(ALL_WELL).map(({ service }) => service)).toEqual(order)
  expect(
    tilesOf({
      offered: [],
      online: false,
      reader: false,
      scanner: false,
      content: false,
      numbers: false,
    }).map(({ service }) => service),
  ).toEqual(order)
})

it.each<[string, Partial<TileConditions>, Partial<Record<Service, string | null>>]>([
  [
    'all is well',
    {},
    {
      guides: null,
      'my-papers': null,
      pickup: null,
      progress: null,
      ticket: 'not-offered',
      feedback: 'not-offered',
    },
  ],
  [
    'the line is down',
    { online: false },
    { guides: null, 'my-papers': 'line-down', pickup: 'line-down', progress: 'line-down' },
  ],
  ['the reader is down', { reader: false }, { 'my-papers': 'reader-down', pickup: null, progress: null }],
  ['the scanner is down', { scanner: false }, { 'my-papers': null, pickup: null, progress: null }],
  [
    'both are down',
    { reader: false, scanner: false },
    { 'my-papers': 'reader-down', pickup: 'scanner-down', progress: 'scanner-down' },
  ],
  ['no guides have come', { content: false }, { guides: 'no-content', 'my-papers': null }],
  [
    'only what is kept here still works',
    { offered: ['feedback'], online: false, reader: false, scanner: false, content: false },
    { feedback: null, guides: 'not-offered' },
  ],
  [
    'this terminal does less',
    { offered: ['guides'] },
    { guides: null, 'my-papers': 'not-offered', progress: 'not-offered' },
  ],
])('a tile is dim with its reason when %s', (_when, change, expected) => {
  expect(reasons(change)).toMatchObject(expected)
})
