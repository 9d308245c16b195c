/** The doctor's findings about one thing, in the words of both languages. */
import type { Advice, AdviceWords, Language } from '../../http/contract.ts'
import { type Shell, shellOf } from '../doctor/commands.ts'
import type { Finding } from '../doctor/findings.ts'
import { adviceFor, type Setting, type Words } from '../doctor/words.ts'
import { EN } from '../doctor/words-en.ts'
import { ZH } from '../doctor/words-zh.ts'

const LANGUAGES: Record<Language, Words> = { zh: ZH, en: EN }

/** What the doctor is told of whoever asks: the same commands as `window24 doctor` would print here. */
export const settingOf = (config: string): Setting => ({ config, shell: ownShell() })

const ownShell = (): Shell => shellOf(process.argv[1] ?? 'window24', process.env)

export const adviceOf = (finding: Finding, setting: Setting): Advice => ({
  id: finding.id,
  severity: finding.severity,
  words: { zh: wordsIn('zh', finding, setting), en: wordsIn('en', finding, setting) },
})

const wordsIn = (language: Language, finding: Finding, setting: Setting): AdviceWords => {
  const { what, names = [], stops, todo } = adviceFor(LANGUAGES[language], finding, setting)
  return {
    what: [what, ...names].join(' '),
    stops,
    todo: todo.map((step) =>
      typeof step === 'string'
        ? { kind: 'say', text: step }
        : { kind: 'type', text: 'command' in step ? step.command : step.value },
    ),
  }
}
