import { expect, it } from 'vitest'
import { Level } from '../../../device/http/contract.ts'
import { evaluationWords } from '../../../ui/dock/words.ts'

it("tells the clerk's state of an evaluation in both languages, one it does not know as it came", () => {
  expect(evaluationWords(null)).toEqual(['还没有请人评价', 'nobody was asked yet'])
  expect(evaluationWords({ id: 'e1', state: 'waiting' })).toEqual(['等待评价', 'waiting'])
  expect(evaluationWords({ id: null, state: 'already-rated' })[0]).toBe('这件事评过了，不再问')
  expect(evaluationWords({ id: null, state: 'something-new' })).toEqual(['something-new', ''])
})

it('has no words for a level: the bench is never told one', () => {
  for (const level of Level.options) expect(evaluationWords({ id: 'e1', state: level })).toEqual([level, ''])
})
