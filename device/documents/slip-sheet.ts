import type { Hall } from '../../sync/protocol/content.ts'
import { heading, paragraph } from './blocks.ts'
import { barModule, code128Bars, drawBars, drawQr } from './codes.ts'
import type { Faces } from './faces.ts'
import { drawFrame } from './frame.ts'
import { type KeyValue, keyValues } from './key-values.ts'
import { INK, millimetres, PAGE, STRONG_LINE, STYLES, type Style, TEXT_WIDTH } from './measures.ts'
import { type Box, type Finished, Sheet } from './sheet.ts'
import { inline, type SlipFact, type SlipLayout, spoken } from './slip-layout.ts'
import { NATIONAL_HOTLINE } from './slip-phones.ts'
import { slipLayout } from './slip-words.ts'
import type { Slip } from './slips.ts'

const BARS_HEIGHT = millimetres(13)
const QR_SIZE = millimetres(36)
/** The largest that the text fits in, across the page. */
const SMALLEST_HERO = 11
const HERO_SIZES = [46, 34, 24, 16]
const HERO_PADDING = 16
const CHINESE_LABEL_WIDTH = 64
const ENGLISH_LABEL_WIDTH = 122

/** A slip on A4: what comes out when the receipt printer has no paper, or for whoever keeps papers in a folder. */
export async function setSlip(faces: Faces, slip: Slip, hall: Hall, printedAt: Date): Promise<Finished> {
  const layout = slipLayout(slip, hall)
  const { language } = layout
  const title = inline(layout.title, language)
  const sheet = new Sheet({
    faces,
    title: layout.title.zh,
    author: hall.name,
    printedAt,
    drawFrame: (target, page, pages) =>
      drawFrame(
        target,
        {
          hall,
          paper: title,
          questionPhone: NATIONAL_HOTLINE,
          complaintPhone: hall.disciplinePhone,
          version: layout.title.zh,
          printedAt,
        },
        page,
        pages,
      ),
  })
  sheet.place([...titleBoxes(sheet, layout), heroBox(sheet, layout)])
  const section = sheet.child(sheet.root, 'Sect')
  sheet.place(
    keyValues(sheet, section, rows(layout.facts, language), {
      style: STYLES.statement,
      labelWidth: labelWidth(language),
      gap: 14,
    }),
  )
  placeSaid(sheet, layout)
  placeNotes(sheet, layout)
  return sheet.finish()
}

function titleBoxes(sheet: Sheet, { title, language }: SlipLayout): Box[] {
  const element = sheet.child(sheet.root, 'H1')
  return spoken(title, language)
    .toReversed()
    .flatMap((text, index): Box[] => {
      const style: Style = index === 0 ? STYLES.paperTitle : STYLES.lead
      return sheet.lines(text, style, TEXT_WIDTH).map((line) => ({
        height: style.leading,
        keepWithNext: true,
        draw: (top) =>
          sheet.tagged(element, 'H1', () => sheet.lineCentred(line, style, PAGE.left + TEXT_WIDTH / 2, top)),
      }))
    })
}

/** The one thing to show, as large as the page allows, and its codes for scanners, in a box of their own. */
function heroBox(sheet: Sheet, layout: SlipLayout): Box {
  const { hero, subject, language } = layout
  const middle = PAGE.left + TEXT_WIDTH / 2
  const room = TEXT_WIDTH - 2 * HERO_PADDING
  const size = HERO_SIZES.find((one) => sheet.width(hero.text, heroStyle(one)) <= room) ?? SMALLEST_HERO
  const parts: Box[] = []
  const centred = (text: string, style: Style, gap = 0): void => {
    const element = sheet.child(sheet.root, 'P')
    for (const [index, line] of sheet.lines(text, style, room).entries()) {
      parts.push({
        height: style.leading,
        gap: index === 0 ? gap : 0,
        draw: (top) => sheet.tagged(element, 'P', () => sheet.lineCentred(line, style, middle, top)),
      })
    }
  }
  centred(inline(hero.label, language), STYLES.label)
  centred(hero.text, heroStyle(size))
  for (const words of subject) for (const text of spoken(words, language)) centred(text, STYLES.heading, 2)
  parts.push(...codeBoxes(sheet, layout, middle))
  const height = parts.reduce((sum, part) => sum + (part.gap ?? 0) + part.height, 2 * HERO_PADDING)
  return {
    height,
    gap: 12,
    draw: (top) => {
      sheet.artifact(() =>
        sheet.doc
          .lineWidth(STRONG_LINE)
          .strokeColor(INK)
          .roundedRect(PAGE.left, top, TEXT_WIDTH, height, 6)
          .stroke(),
      )
      let y = top + HERO_PADDING
      for (const part of parts) {
        y += part.gap ?? 0
        part.draw(y)
        y += part.height
      }
    },
  }
}

function heroStyle(size: number): Style {
  return { face: 'bold', size, leading: size * 1.3, ink: INK }
}

function rows(facts: readonly SlipFact[], language: 'zh' | 'en'): KeyValue[][] {
  return facts.map(({ label, value, strong }) => [
    {
      label: inline(label, language),
      value: spoken(value, language).join('\n'),
      ...(strong ? { strong: true } : {}),
    },
  ])
}

function labelWidth(language: 'zh' | 'en'): number {
  return language === 'zh' ? CHINESE_LABEL_WIDTH : ENGLISH_LABEL_WIDTH
}

function placeSaid(sheet: Sheet, { said, language }: SlipLayout): void {
  if (said === null) return
  const section = sheet.child(sheet.root, 'Sect')
  sheet.place([
    heading(sheet, section, inline(said.title, language)),
    ...keyValues(sheet, section, rows(said.facts, 'zh'), {
      style: STYLES.body,
      labelWidth: CHINESE_LABEL_WIDTH,
    }),
    ...(said.words === null ? [] : paragraph(sheet, section, said.words, { style: STYLES.body, gap: 8 })),
  ])
}

function placeNotes(sheet: Sheet, { notes, phones, language }: SlipLayout): void {
  const section = sheet.child(sheet.root, 'Sect')
  sheet.place([
    heading(sheet, section, language === 'zh' ? '接下来' : 'What next 接下来'),
    ...notes
      .flatMap((words) => spoken(words, language))
      .flatMap((text, index) =>
        paragraph(sheet, section, text, { style: STYLES.body, gap: index === 0 ? 0 : 3 }),
      ),
    ...keyValues(sheet, section, rows(phones, language), {
      style: STYLES.body,
      labelWidth: labelWidth(language),
      gap: 6,
    }),
  ])
}

function codeBoxes(sheet: Sheet, { barcode, qr, language }: SlipLayout, middle: number): Box[] {
  const boxes: Box[] = []
  if (barcode !== null) {
    const bars = code128Bars(barcode)
    const module = barModule(bars, TEXT_WIDTH - 2 * HERO_PADDING)
    const figure = sheet.child(sheet.root, 'Figure', { alt: `${barcode} 的条形码` })
    boxes.push({
      height: BARS_HEIGHT,
      gap: 12,
      draw: (top) =>
        sheet.tagged(figure, 'Figure', () =>
          drawBars(sheet, bars, middle - (bars.modules * module) / 2, top, module, BARS_HEIGHT),
        ),
    })
  }
  if (qr !== null) {
    const caption = inline(qr.caption, language)
    const figure = sheet.child(sheet.root, 'Figure', { alt: caption })
    const words = sheet.child(sheet.root, 'Caption')
    boxes.push({
      height: QR_SIZE + STYLES.strong.leading,
      gap: 4,
      draw: (top) => {
        sheet.tagged(figure, 'Figure', () => drawQr(sheet, qr.value, middle - QR_SIZE / 2, top, QR_SIZE))
        sheet.tagged(words, 'Caption', () =>
          sheet.lineCentred(caption, STYLES.strong, middle, top + QR_SIZE - 2),
        )
      },
    })
  }
  return boxes
}
