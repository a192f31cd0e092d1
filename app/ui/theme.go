package ui

import (
	"image/color"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/theme"

	"smtpgateway/app/screen"
)

// Colours the toolkit has no name for. Everything drawn by us asks the theme for a name, so that switching between
// light and dark needs nobody to remember what is on the screen.
const (
	colorCard       fyne.ThemeColorName = "smtp-card"
	colorLine       fyne.ThemeColorName = "smtp-line"
	colorRail       fyne.ThemeColorName = "smtp-rail"
	colorField      fyne.ThemeColorName = "smtp-field" // the line round a field or a button
	colorHint       fyne.ThemeColorName = "smtp-hint"
	colorAccent     fyne.ThemeColorName = "smtp-accent"
	colorAccentOver fyne.ThemeColorName = "smtp-accent-over"
	colorOnAccent   fyne.ThemeColorName = "smtp-on-accent"
	colorLink       fyne.ThemeColorName = "smtp-link"
	colorRing       fyne.ThemeColorName = "smtp-ring"
	colorGood       fyne.ThemeColorName = "smtp-good"
	colorWarn       fyne.ThemeColorName = "smtp-warn"
	colorBad        fyne.ThemeColorName = "smtp-bad"
	colorGoodBack   fyne.ThemeColorName = "smtp-good-back"
	colorWarnBack   fyne.ThemeColorName = "smtp-warn-back"
	colorBadBack    fyne.ThemeColorName = "smtp-bad-back"
	colorPicked     fyne.ThemeColorName = "smtp-picked"
	colorVeil       fyne.ThemeColorName = "smtp-veil"
	colorNotice     fyne.ThemeColorName = "smtp-notice"
	colorOnNotice   fyne.ThemeColorName = "smtp-on-notice"
	colorNoticeLink fyne.ThemeColorName = "smtp-notice-link"
	colorNone       fyne.ThemeColorName = "smtp-none"
)

// palette holds every colour twice: light, dark. The contrast of text to its ground is at least 4.5 to 1 in both.
var palette = map[fyne.ThemeColorName][2]uint32{
	theme.ColorNameBackground:          {0xF5F6F8FF, 0x15181DFF},
	theme.ColorNameForeground:          {0x1F2430FF, 0xE6E9EFFF},
	theme.ColorNamePrimary:             {0x1F6FEBFF, 0x4C8DFFFF},
	theme.ColorNameHyperlink:           {0x1A5FD0FF, 0x7DB0FFFF},
	theme.ColorNameFocus:               {0x1F6FEB33, 0x4C8DFF44},
	theme.ColorNameInputBackground:     {0xFFFFFFFF, 0x181C22FF},
	theme.ColorNameInputBorder:         {0xC9CED8FF, 0x454D5AFF},
	theme.ColorNameSeparator:           {0xE1E4EAFF, 0x303742FF},
	theme.ColorNameButton:              {0xFFFFFFFF, 0x262C35FF},
	theme.ColorNameDisabled:            {0x8A919EFF, 0x7A8392FF},
	theme.ColorNameDisabledButton:      {0xF0F1F4FF, 0x21262EFF},
	theme.ColorNamePlaceHolder:         {0x6B7280FF, 0x929CABFF},
	theme.ColorNameHover:               {0xE8ECF3FF, 0x2C333DFF},
	theme.ColorNamePressed:             {0x1F243022, 0xFFFFFF22},
	theme.ColorNameSelection:           {0xCFE0FCFF, 0x2A4A7FFF},
	theme.ColorNameHeaderBackground:    {0xECEEF2FF, 0x1B1F26FF},
	theme.ColorNameMenuBackground:      {0xFFFFFFFF, 0x262C35FF},
	theme.ColorNameOverlayBackground:   {0xFFFFFFFF, 0x20252DFF},
	theme.ColorNameScrollBar:           {0x8A919EAA, 0x6B7584AA},
	theme.ColorNameScrollBarBackground: {0x00000000, 0x00000000},
	theme.ColorNameShadow:              {0x1F243026, 0x00000066},
	theme.ColorNameError:               {0xC4212DFF, 0xFF7B72FF},
	theme.ColorNameSuccess:             {0x1A7F37FF, 0x56D364FF},
	theme.ColorNameWarning:             {0x8A5A00FF, 0xE3B341FF},

	colorCard:       {0xFFFFFFFF, 0x20252DFF},
	colorLine:       {0xE1E4EAFF, 0x303742FF},
	colorRail:       {0xECEEF2FF, 0x1B1F26FF},
	colorField:      {0xC9CED8FF, 0x454D5AFF},
	colorHint:       {0x626A78FF, 0x9AA4B2FF},
	colorAccent:     {0x1F6FEBFF, 0x2F74E8FF},
	colorAccentOver: {0x1A60CFFF, 0x2767D0FF},
	colorOnAccent:   {0xFFFFFFFF, 0xFFFFFFFF},
	colorLink:       {0x1A5FD0FF, 0x7DB0FFFF},
	colorRing:       {0x1F6FEBFF, 0x7DB0FFFF},
	colorGood:       {0x1A7F37FF, 0x56D364FF},
	colorWarn:       {0x8A5A00FF, 0xE3B341FF},
	colorBad:        {0xC4212DFF, 0xFF7B72FF},
	colorGoodBack:   {0xE6F4EAFF, 0x1A2E22FF},
	colorWarnBack:   {0xFFF5DBFF, 0x332B17FF},
	colorBadBack:    {0xFDECECFF, 0x3A2022FF},
	colorPicked:     {0xDCE8FDFF, 0x233A60FF},
	colorVeil:       {0x1F243066, 0x000000A0},
	colorNotice:     {0x1F2430FF, 0x39414DFF},
	colorOnNotice:   {0xFFFFFFFF, 0xFFFFFFFF},
	colorNoticeLink: {0x9CC4FFFF, 0x9CC4FFFF},
	colorNone:       {0x00000000, 0x00000000},
}

// Measures, in the toolkit's pixels: everything stands on a grid of 4.
const (
	gap         = 8  // between things in a card
	wideGap     = 12 // between cards
	cardPad     = 16
	pagePad     = 20
	railWidth   = 190
	formWidth   = 640
	labelWidth  = 176
	controlHigh = 32
	controlPad  = 10 // before the letters in a field
	rowHigh     = 32 // of a table
	iconSize    = 18
	textSize    = 14
	smallText   = 12
	titleText   = 20
	cardTitle   = 15
)

// sizeNumber is for the numbers of the Overview, which are read from across the desk.
const sizeNumber fyne.ThemeSizeName = "smtp-number"

var sizes = map[fyne.ThemeSizeName]float32{
	sizeNumber:         26,
	theme.SizeNameText: textSize, theme.SizeNamePadding: 4, theme.SizeNameInnerPadding: 6, theme.SizeNameLineSpacing: 2,
	theme.SizeNameHeadingText: titleText, theme.SizeNameSubHeadingText: cardTitle, theme.SizeNameCaptionText: smallText,
	theme.SizeNameInlineIcon: iconSize, theme.SizeNameInputRadius: 6, theme.SizeNameInputBorder: 1,
	theme.SizeNameScrollBar: 10, theme.SizeNameScrollBarSmall: 4,
}

// look is our theme. choice is one of the screen.Themes; ThemeSystem follows the desktop.
type look struct{ choice string }

// Theme gives our theme as a person chose it: light, dark, or anything else for what the desktop has.
func Theme(choice string) fyne.Theme { return look{choice: choice} }

func (l look) dark(v fyne.ThemeVariant) bool {
	switch l.choice {
	case screen.ThemeLight:
		return false
	case screen.ThemeDark:
		return true
	default:
		return v == theme.VariantDark
	}
}

func (l look) Color(name fyne.ThemeColorName, v fyne.ThemeVariant) color.Color {
	i := 0
	if l.dark(v) {
		i, v = 1, theme.VariantDark
	} else {
		v = theme.VariantLight
	}
	if pair, ok := palette[name]; ok {
		c := pair[i]
		return color.NRGBA{R: uint8(c >> 24), G: uint8(c >> 16), B: uint8(c >> 8), A: uint8(c)} //nolint:gosec // the lowest eight bits are meant
	}
	return theme.DefaultTheme().Color(name, v)
}

func (look) Font(style fyne.TextStyle) fyne.Resource { return theme.DefaultTheme().Font(style) }

func (look) Icon(name fyne.ThemeIconName) fyne.Resource { return theme.DefaultTheme().Icon(name) }

func (look) Size(name fyne.ThemeSizeName) float32 {
	if s, ok := sizes[name]; ok {
		return s
	}
	return theme.DefaultTheme().Size(name)
}
