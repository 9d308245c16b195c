/** What the panel was used with last: fingers, or a mouse and a keyboard. */
export const lastPointer: { type: string } = { type: 'none' }

window.addEventListener('pointerdown', ({ pointerType }) => {
  lastPointer.type = pointerType
})
window.addEventListener('keydown', () => {
  lastPointer.type = 'keyboard'
})
