import { describe, expect, it } from 'vitest'
import { builtInDictionaries } from '../../../sync/protocol/dictionary.ts'
import { labelInEnglish } from '../../../ui/shared/rating/labels-en.ts'

/** What two lines of a tag hold on a 10 inch panel. */
const MOST_CHARACTERS = 46

const labels = builtInDictionaries().flatMap(({ dictionary }) =>
  dictionary.levels.flatMap((level) => level.labels),
)

describe('the labels in English', () => {
  it('leaves no label of the nation without one', () => {
    expect(labels).toHaveLength(40)
    expect(labels.filter(({ code }) => labelInEnglish(code) === null)).toEqual([])
  })

  it('fits two lines of a tag and is written in Latin letters', () => {
    for (const { code } of labels) {
      const english = labelInEnglish(code) ?? ''
      expect(english.length, code).toBeLessThanOrEqual(MOST_CHARACTERS)
      expect(english, code).toMatch(/^[A-Z][A-Za-z, -]+$/)
    }
  })

  it('says each label in its own words', () => {
    expect(new Set(labels.map(({ code }) => labelInEnglish(code))).size).toBe(labels.length)
  })

  it('has no words for a code that the nation has not yet written', () => {
    expect(labelInEnglish('999')).toBeNull()
  })
})
