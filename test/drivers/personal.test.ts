import { format, inspect } from 'node:util'
import { expect, test } from 'vitest'
import { Personal } from '../../drivers/personal.ts'

const name = new Personal('张小雨')

test.each([
  ['a template', `${name}`],
  ['a joined string', `who: ${[name].join()}`],
  ['String', String(name)],
  ['JSON', JSON.stringify({ name })],
  ['inspect', inspect({ deep: { er: [name] } }, { depth: 9, showHidden: true })],
  ['console', format('%s %o %O %j', name, name, name, name)],
])('a personal value prints as [personal] by %s', (_, printed) => {
  expect(printed).toContain('[personal]')
  expect(printed).not.toContain('张')
})

test('only reveal gives the value', () => {
  expect(name.reveal()).toBe('张小雨')
  expect(Object.values(name)).toEqual([])
})
