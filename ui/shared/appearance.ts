import type { Preferences, ScreenState } from '../../device/http/contract.ts'
import { panelBox, pixelsPerMillimetre, type Shape } from './units.ts'

/** Diagonal taken until the device has told its own. */
const USUAL_INCHES: Record<Shape, number> = { portrait: 27, landscape: 10.1 }

/**
 * Puts theme, preferences and size on the document, where tokens.css reads them. Sizes go through the CSSOM
 * because the pages' content security policy refuses style attributes.
 */
export function applyAppearance(state: ScreenState | null, shape: Shape): void {
  const page = document.documentElement
  const preferences = state?.preferences
  page.lang = languageTag(preferences?.language ?? 'zh')
  page.dataset.theme = state?.theme ?? 'night'
  page.dataset.contrast = preferences?.highContrast ? 'high' : 'normal'
  page.dataset.type = preferences?.largeType ? 'large' : 'normal'
  page.dataset.reach = preferences?.reach ? 'low' : 'normal'
  const panel = panelBox({ width: window.innerWidth, height: window.innerHeight }, shape)
  const mm = pixelsPerMillimetre(panel, state?.screen.diagonalInches ?? USUAL_INCHES[shape])
  page.style.setProperty('--mm', `${mm}px`)
  page.style.setProperty('--panel-width', `${panel.width}px`)
  page.style.setProperty('--panel-height', `${panel.height}px`)
}

export function languageTag(language: Preferences['language']): string {
  return language === 'zh' ? 'zh-CN' : 'en'
}
