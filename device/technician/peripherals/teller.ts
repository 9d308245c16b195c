/** Tells a test on a terminal, line by line as it goes on. */
import type { Language, RunningTest } from '../../http/contract.ts'
import { PERIPHERALS as EN_NAMES } from '../doctor/phrases-en.ts'
import { PERIPHERALS as ZH_NAMES } from '../doctor/phrases-zh.ts'
import { commandWords } from './command-words.ts'
import { drawnText } from './drawn-code.ts'
import { inWords, stepInWords, testWords } from './words.ts'

const NAMES = { zh: ZH_NAMES, en: EN_NAMES }
const YES = /^\s*(y|yes|是|对|好)\s*$/i
const NO = /^\s*(n|no|否|不|不对)\s*$/i

/** Drawn, or told in a place of their own. */
const APART = ['code', 'qr', 'qrSize', 'bars', 'barsWidth', 'sent', 'level', 'scannable', 'key']

export class Teller {
  /** Nothing can be typed any more. */
  nobodyAnswers = false
  onUnanswerable: () => void = () => {}
  #language: Language
  #write: (text: string) => void
  #told = new Set<string>()
  #asks = false

  constructor(language: Language, write: (text: string) => void) {
    this.#language = language
    this.#write = write
  }

  tell(test: RunningTest): void {
    const words = testWords[this.#language]
    const { name, steps, facts } = test
    for (const { code, state, reason } of steps) {
      const said = stepInWords(words, name, code)
      if (state === 'now') this.#once(`now ${code}`, `· ${said}`)
      else if (state === 'passed') this.#once(`passed ${code}`, `✓ ${said}`)
      else if (state === 'failed')
        this.#once(`failed ${code}`, `✗ ${said}: ${inWords(words.reasons, reason ?? '')}`)
    }
    for (const [fact, value] of Object.entries(facts)) {
      if (fact === 'seen') this.#once(`seen ${value}`, `  ${inWords(words.seen, value)}`)
      else if (fact === 'code') this.#once(`code ${value}`, `${drawnText(value)}  ${value}`)
      else if (!APART.includes(fact)) {
        const said = fact === 'cause' ? inWords(words.reasons, value) : inWords(words.values, value)
        this.#once(`${fact} ${value}`, `  ${inWords(words.facts, fact)}: ${said}`)
      }
    }
    this.#ask(test)
    if (test.state !== 'running') {
      this.#once('over', `${NAMES[this.#language][name]}: ${words.results[test.state]}`)
    }
  }

  /** Neither yes nor no is asked again. */
  takeAnswer(line: string, answer: (right: boolean) => void): void {
    if (!this.#asks) return
    if (YES.test(line)) answer(true)
    else if (NO.test(line)) answer(false)
    else this.#write(`  ${commandWords[this.#language].yesOrNo}\n`)
  }

  #ask({ name, asks }: RunningTest): void {
    if (asks === this.#asks) return
    this.#asks = asks
    if (!asks) return
    const question = inWords(testWords[this.#language].questions, name)
    this.#write(`  ${question} ${commandWords[this.#language].yesOrNo}\n`)
    if (this.nobodyAnswers) this.onUnanswerable()
  }

  #once(key: string, line: string): void {
    if (this.#told.has(key)) return
    this.#told.add(key)
    this.#write(`${line}\n`)
  }
}
