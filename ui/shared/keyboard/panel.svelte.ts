import { columnsIn } from './layout.ts'

/** Capitals of Noto Sans SC are 0.733 of its em, and a hanzi is an em wide. */
const HANZI_OF_CAPITAL = 1 / 0.733
const CAPITAL_MM = 6
const LARGE_CAPITAL_MM = 7.2
const CHOICE_PADDING_MM = 3
const GAP_MM = 3

/** Nearly every panel is as wide as the one before it. Keys that began without a width would be put together twice. */
let lastWidthMm = 0

/** The room that keys have, in millimetres of the panel: it follows the element's size and the page's looks. */
export class Panel {
  #widthMm = $state(lastWidthMm)
  #large = $state(document.documentElement.dataset.type === 'large')
  readonly columns = $derived(columnsIn(this.#widthMm))
  readonly #columnMm = $derived((this.#widthMm + GAP_MM) / this.columns - GAP_MM)

  /** An attachment: watches the element it stands on. */
  watch = (element: HTMLElement): (() => void) => {
    const page = document.documentElement
    const measure = () => {
      const mm = Number.parseFloat(getComputedStyle(page).getPropertyValue('--mm'))
      this.#widthMm = lastWidthMm = element.clientWidth / mm
      this.#large = page.dataset.type === 'large'
    }
    /** The page that it stands on has to be put together first. */
    const measureHere = () => {
      if (element.isConnected) measure()
    }
    const size = new ResizeObserver(measure)
    const looks = new MutationObserver(measure)
    size.observe(element)
    looks.observe(page, { attributeFilter: ['style', 'data-type'] })
    // Otherwise it is measured as it is observed first: once it is laid out, and before it is painted.
    if (lastWidthMm === 0) queueMicrotask(measureHere)
    return () => {
      size.disconnect()
      looks.disconnect()
    }
  }

  /** An attachment: as many columns as there is room for. */
  asGrid = (element: HTMLElement): void => {
    element.style.gridTemplateColumns = `repeat(${this.columns}, minmax(0, 1fr))`
  }

  /** Columns that a key with this text needs. */
  columnsOf = (text: string): number => {
    const em = (this.#large ? LARGE_CAPITAL_MM : CAPITAL_MM) * HANZI_OF_CAPITAL
    const width = Array.from(text).length * em + CHOICE_PADDING_MM
    return Math.max(1, Math.ceil((width + GAP_MM) / (this.#columnMm + GAP_MM)))
  }
}
