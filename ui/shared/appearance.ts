import type { Preferences, ScreenState } from '../../device/http/contract.ts'
import { panelBox, pixelsPerMillimetre, type Shape } from './units.ts'

/** Diagonal taken until the device has told its own. */
const USUAL_INCHES: Record<Shape, number> = { portrait: 27, landscape: 10.1 }

/**
 * Puts theme, preferences and size on the document, where tokens.css reads them. Sizes go through the CSSOM
 * because the pages' content security policy refuses style attributes.
 */
export function applyAppearance(state: ScreenState | null, shape: Shape): void {
  const preferences = state?.preferences
  const panel = panelBox({ width: window.innerWidth, height: window.innerHeight }, shape)
  const mm = pixelsPerMillimetre(panel, state?.screen.diagonalInches ?? USUAL_INCHES[shape])
  putAttributes({
    lang: languageTag(preferences?.language ?? 'zh'),
    'data-theme': state?.theme ?? 'night',
    'data-contrast': preferences?.highContrast ? 'high' : 'normal',
    'data-type': preferences?.largeType ? 'large' : 'normal',
    'data-reach': preferences?.reach ? 'low' : 'normal',
  })
  putSizes({ '--mm': `${mm}px`, '--panel-width': `${panel.width}px`, '--panel-height': `${panel.height}px` })
}

// What is the same already is left alone: a browser works out every style of the page again for it.

function putAttributes(wanted: Record<string, string>): void {
  const page = document.documentElement
  for (const [name, value] of Object.entries(wanted))
    if (page.getAttribute(name) !== value) page.setAttribute(name, value)
}

function putSizes(wanted: Record<string, string>): void {
  const { style } = document.documentElement
  for (const [name, value] of Object.entries(wanted))
    if (style.getPropertyValue(name) !== value) style.setProperty(name, value)
}

export function languageTag(language: Preferences['language']): string {
  return language === 'zh' ? 'zh-CN' : 'en'
}
