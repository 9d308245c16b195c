import { expect, test } from 'vitest'
import {
  ETHNIC_GROUP_NAMES,
  ethnicGroupCode,
  ethnicGroupName,
} from '../../../drivers/id-reader/ethnic-groups.ts'

test('all 58 codes of ethnic groups have a name of their own', () => {
  expect(ETHNIC_GROUP_NAMES).toHaveLength(58)
  expect([ethnicGroupName('01'), ethnicGroupName('33'), ethnicGroupName('56')]).toEqual(['汉', '羌', '基诺'])
  expect([ethnicGroupName('57'), ethnicGroupName('97'), ethnicGroupName('98')]).toEqual([
    undefined,
    '其他',
    '外国血统',
  ])
  for (const name of ETHNIC_GROUP_NAMES) expect(ethnicGroupName(ethnicGroupCode(name) ?? '')).toBe(name)
})
