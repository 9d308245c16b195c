/** What a paper in Chinese says in English, on top, to whoever asked for it in an English session. */
import type { Guide, Hall } from '../../sync/protocol/content.ts'
import { paragraph } from './blocks.ts'
import { STYLES } from './measures.ts'
import { centred, plain } from './receipt-parts.ts'
import type { Box, Sheet } from './sheet.ts'

const KINDS = { guide: 'guide', notice: 'one-time notice' } as const

interface EnglishHead {
  paper: keyof typeof KINDS
  guide: Guide
  hall: Hall
}

function englishLines({ paper, guide, hall }: EnglishHead): { name: string; note: string } {
  return {
    name: guide.nameEnglish,
    note: `This ${KINDS[paper]} is in Chinese, as the office has published it. Help: ${hall.helpPhone}.`,
  }
}

export function englishHead(sheet: Sheet, about: EnglishHead, width: number): Box[] {
  const { name, note } = englishLines(about)
  const section = sheet.child(sheet.root, 'Sect', { lang: 'en' })
  return [
    ...paragraph(sheet, section, name, { style: STYLES.strong, gap: 3, width }),
    ...paragraph(sheet, section, note, { style: STYLES.note, gap: 1, width }),
  ]
}

export function englishElements(about: EnglishHead): ReturnType<typeof plain>[] {
  const { name, note } = englishLines(about)
  return [centred(name, { bold: true }), plain(note)]
}
