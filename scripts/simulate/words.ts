/** Readers of typed words. */
import type { Order } from './kind.ts'

/** A whole number from the smallest to the largest; undefined for any other word. */
export function wholeNumber(word: string | undefined, least: number, most: number): number | undefined {
  const number = /^\d{1,9}$/.test(word ?? '') ? Number(word) : Number.NaN
  return number >= least && number <= most ? number : undefined
}

/** More on a line would not fit a terminal beside the column of names. */
const LINE_CHARACTERS = 80

/** Words to choose from for a form's own lines, indented below it. */
export function linesOf(words: readonly string[]): string {
  const lines: string[] = []
  for (const word of words) {
    const last = lines.at(-1)
    if (last === undefined || `${last}, ${word}`.length > LINE_CHARACTERS) lines.push(`  ${word}`)
    else lines[lines.length - 1] = `${last}, ${word}`
  }
  return lines.join('\n')
}

/** An order without words behind it. */
export function plain<D>(name: string, act: (device: D) => void): Order<D> {
  return {
    form: name,
    run: (device, words) => {
      if (words.length > 0) return false
      act(device)
      return true
    },
  }
}

/** An order with one of some words behind it. */
export function choice<D, Word extends string>(
  name: string,
  choices: readonly Word[],
  act: (device: D, chosen: Word) => void,
): Order<D> {
  const form = `${name} ${choices.join('|')}`
  return {
    form: form.length > LINE_CHARACTERS ? `${name} NAME\n${linesOf(choices)}` : form,
    run: (device, [word, ...more]) => {
      const chosen = choices.find((one) => one === word)
      if (chosen === undefined || more.length > 0) return false
      act(device, chosen)
      return true
    },
  }
}
