import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { contracts, openApiText } from '../../../../sync/hall/outside/openapi.ts'

const FOLDER = join(import.meta.dirname, '../../../../sync/hall/outside')

test.each(Object.entries(contracts))('%s is what the adapters check by', (name, contract) => {
  // After a change: node scripts/run.js sync/hall/outside/write-openapi.ts
  expect(JSON.parse(readFileSync(join(FOLDER, name), 'utf8'))).toEqual(JSON.parse(openApiText(contract)))
})

test.each(Object.entries(contracts))('%s is valid OpenAPI 3.1', async (_name, contract) => {
  const result = await new Validator().validate(JSON.parse(openApiText(contract)))
  expect([result.valid, result.errors ?? []]).toEqual([true, []])
})

test('no path and no query of a contract can hold anything of a person', () => {
  for (const { operations } of Object.values(contracts))
    for (const { path } of operations) expect(path).toMatch(/^\/[a-z-]+$/)
})
