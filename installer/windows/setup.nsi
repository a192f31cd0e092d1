; The setup program for Windows, made by makensis: see build. It copies files and asks; what a service is, who may do what
; and where data lies is known by smtp-gateway.exe alone, which it calls.
;
; Given by build: VERSION, FILES (a folder), OUT, SIZE in KB, COMMA (VERSION with four numbers), PUBLISHER,
; COMPRESSOR; optionally SIGN (a command).

Target amd64-unicode
Unicode true
SetCompressor ${COMPRESSOR}
SetDateSave off ; the same files give the same setup
RequestExecutionLevel admin
ManifestDPIAware true
ManifestSupportedOS Win10
Name "SMTP Gateway"
OutFile "${OUT}"
InstallDir "$PROGRAMFILES64\SMTP Gateway"
BrandingText "SMTP Gateway ${VERSION}"
AllowSkipFiles off
ShowInstDetails nevershow
ShowUninstDetails nevershow

VIProductVersion "${COMMA}"
VIFileVersion "${COMMA}"
VIAddVersionKey "ProductName" "SMTP Gateway"
VIAddVersionKey "CompanyName" "${PUBLISHER}"
VIAddVersionKey "FileDescription" "SMTP Gateway Setup"
VIAddVersionKey "FileVersion" "${VERSION}"
VIAddVersionKey "ProductVersion" "${VERSION}"
VIAddVersionKey "LegalCopyright" "${PUBLISHER}"

!include "MUI2.nsh"
!include "nsDialogs.nsh"
!include "LogicLib.nsh"
!include "WinVer.nsh"
!include "WordFunc.nsh"

!define UNINSTALL_KEY "Software\Microsoft\Windows\CurrentVersion\Uninstall\SMTPGateway"
!define OWN_KEY "Software\SMTP Gateway"

; Exit codes, which installer/README.md lists.
!define INCOMPLETE 3   ; the programs are there, something asked for is not
!define BY_MSI 4       ; installed from the .msi: its upgrade has to come the same way
!define IN_THE_WAY 5   ; the service cannot be stopped or a file cannot be replaced
!define TOO_OLD 6      ; Windows 10 or later is needed
!define BUSY 7         ; another setup is at work
!define NEWER 8        ; a newer version is installed

!ifdef SIGN
  !uninstfinalize '"${SIGN}" "%1"'
!endif

Var User
Var Settings
Var Log
Var Said
Var Purge
Var UserField
Var Cleared ; how many of the programs were moved out of the way

!define MUI_ICON "${FILES}\setup.ico"
!define MUI_UNICON "${FILES}\setup.ico"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${FILES}\side.bmp"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${FILES}\side.bmp"
!define MUI_HEADERIMAGE
!define MUI_HEADERIMAGE_RIGHT
!define MUI_HEADERIMAGE_BITMAP "${FILES}\head.bmp"
!define MUI_HEADERIMAGE_UNBITMAP "${FILES}\head.bmp"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "SMTP Gateway ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "This puts SMTP Gateway on the computer: the service that carries the library's mail to the school's mail server, and the window to look after it.$\r$\n$\r$\nNothing is sent before you have set it up in the window. Messages and settings that are there already stay as they are."
!insertmacro MUI_PAGE_WELCOME
Page custom askPerson takePerson
!insertmacro MUI_PAGE_INSTFILES
!define MUI_FINISHPAGE_RUN
!define MUI_FINISHPAGE_RUN_TEXT "Open SMTP Gateway Manager"
!define MUI_FINISHPAGE_RUN_FUNCTION openWindow
!insertmacro MUI_PAGE_FINISH

!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!insertmacro MUI_LANGUAGE "English"

; Program FILE ARGUMENTS: runs it without a window; $0 is its exit code, "error" if it could not run, $Said what it said.
!macro Program FILE ARGUMENTS
  nsExec::ExecToStack '"${FILE}" ${ARGUMENTS}'
  Pop $0
  Pop $Said
  DetailPrint "$Said"
  ${If} $Log != ""
    FileOpen $1 "$Log" a
    ${IfNot} ${Errors}
      FileSeek $1 0 END
      FileWrite $1 'smtp-gateway ${ARGUMENTS}: $0$\r$\n$Said'
      FileClose $1
    ${EndIf}
  ${EndIf}
!macroend
!define Program "!insertmacro Program"

; The switches, taken apart as Windows does it: quotes may stand around a value or around the whole, as PowerShell puts them.
!macro Switch NAME VALUE
  StrLen $7 "${NAME}"
  StrCpy $8 $6 $7
  ${If} $8 == "${NAME}"
    StrCpy ${VALUE} $6 "" $7
  ${EndIf}
!macroend

!macro ReadCommandLine
  SetRegView 64
  SetShellVarContext all
  StrCpy $Purge 0
  System::Call 'kernel32::GetCommandLineW() p .r0'
  System::Call 'shell32::CommandLineToArgvW(p r0, *i .r1) p .r2'
  StrCpy $3 1
  ${While} $3 < $1
    IntOp $4 $3 * ${NSIS_PTR_SIZE}
    IntPtrOp $4 $2 + $4
    System::Call '*$4(p .r5)'
    System::Call 'kernel32::lstrcpynW(w .r6, p r5, i ${NSIS_MAX_STRLEN})'
    !insertmacro Switch "/USER=" $User
    !insertmacro Switch "/SETTINGS=" $Settings
    !insertmacro Switch "/LOG=" $Log
    ${If} $6 == "/PURGE"
      StrCpy $Purge 1
    ${EndIf}
    IntOp $3 $3 + 1
  ${EndWhile}
  System::Call 'kernel32::LocalFree(p r2)'
!macroend

; Out of the way with a program: even one that runs can be renamed. It comes back if the setup breaks off.
!macro Clear NAME
  Delete "$INSTDIR\${NAME}.exe.old"
  ${If} ${FileExists} "$INSTDIR\${NAME}.exe"
    ClearErrors
    Rename "$INSTDIR\${NAME}.exe" "$INSTDIR\${NAME}.exe.old"
    ${If} ${Errors}
      !insertmacro Blocked ${NAME}
    ${EndIf}
  ${EndIf}
  IntOp $Cleared $Cleared + 1
!macroend

!macro Replace NAME
  ClearErrors
  Rename "$INSTDIR\${NAME}-new.exe" "$INSTDIR\${NAME}.exe"
  ${If} ${Errors}
    !insertmacro Blocked ${NAME}
  ${EndIf}
!macroend

!macro Blocked NAME
  Call breakOff
  SetErrorLevel ${IN_THE_WAY}
  MessageBox MB_OK|MB_ICONSTOP "$INSTDIR\${NAME}.exe cannot be replaced; everything is as it was before. Close what uses it, or start the computer again, and run the setup once more." /SD IDOK
  Abort
!macroend

!macro PutBack NAME NUMBER
  Delete "$INSTDIR\${NAME}-new.exe"
  ${If} $Cleared >= ${NUMBER} ; an .old of an earlier upgrade is not meant
    Delete "$INSTDIR\${NAME}.exe"
    Rename "$INSTDIR\${NAME}.exe.old" "$INSTDIR\${NAME}.exe"
  ${EndIf}
!macroend

; Only one at a time, be it setup or uninstaller. One that is just ending is waited for.
!macro OnlyOne
  StrCpy $2 0
  ${Do}
    System::Call 'kernel32::CreateMutexW(p 0, i 0, w "Global\SMTPGatewaySetup") p .r1 ?e'
    Pop $0
    ${If} $0 != 183 ; there already
      ${Break}
    ${EndIf}
    System::Call 'kernel32::CloseHandle(p r1)'
    IntOp $2 $2 + 1
    ${If} $2 > 20
      SetErrorLevel ${BUSY}
      MessageBox MB_OK|MB_ICONSTOP "Another setup of SMTP Gateway is at work. Wait until it has ended." /SD IDOK
      Quit
    ${EndIf}
    Sleep 250
  ${Loop}
!macroend

Function .onInit
  !insertmacro ReadCommandLine
  ; Where only administrators can write: elsewhere anybody could put another program in place of the service's.
  StrCpy $INSTDIR "$PROGRAMFILES64\SMTP Gateway"
  ${IfNot} ${AtLeastWin10}
    SetErrorLevel ${TOO_OLD}
    MessageBox MB_OK|MB_ICONSTOP "SMTP Gateway needs Windows 10, Windows Server 2016 or later." /SD IDOK
    Quit
  ${EndIf}
  ReadRegStr $0 HKLM "${OWN_KEY}" "Installer"
  ${If} $0 == "msi"
    SetErrorLevel ${BY_MSI}
    MessageBox MB_OK|MB_ICONSTOP "SMTP Gateway was put on this computer by your IT, from the .msi file. Its new version has to come the same way." /SD IDOK
    Quit
  ${EndIf}
  ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "DisplayVersion"
  ${VersionCompare} "$0" "${VERSION}" $1
  ${If} $0 != ""
  ${AndIf} $1 == 1 ; its database is not for an older program
    SetErrorLevel ${NEWER}
    MessageBox MB_OK|MB_ICONSTOP "SMTP Gateway $0 is on this computer, which is newer than this setup's ${VERSION}. To go back all the same, remove it first, messages and settings too." /SD IDOK
    Quit
  ${EndIf}
  !insertmacro OnlyOne
FunctionEnd

; The person at the screen: who signed in here, not the administrator whose password was asked for.
Function personAtScreen
  StrCpy $User ""
  System::Call 'wtsapi32::WTSQuerySessionInformationW(p 0, i -1, i 5, *p .r1, *i .r2) i .r0' ; WTSUserName
  ${If} $0 <> 0
    System::Call 'kernel32::lstrcpynW(w .r3, p r1, i 256)'
    System::Call 'wtsapi32::WTSFreeMemory(p r1)'
    StrCpy $User $3
  ${EndIf}
  ${If} $User == ""
    Return
  ${EndIf}
  System::Call 'wtsapi32::WTSQuerySessionInformationW(p 0, i -1, i 7, *p .r1, *i .r2) i .r0' ; WTSDomainName
  ${If} $0 <> 0
    System::Call 'kernel32::lstrcpynW(w .r3, p r1, i 256)'
    System::Call 'wtsapi32::WTSFreeMemory(p r1)'
    ${If} $3 != ""
      StrCpy $User "$3\$User"
    ${EndIf}
  ${EndIf}
FunctionEnd

Function askPerson
  ReadRegStr $0 HKLM "${UNINSTALL_KEY}" "DisplayVersion"
  ${If} $0 != ""
    Abort ; an upgrade: who has access keeps it
  ${EndIf}
  ${If} $User == ""
    Call personAtScreen
  ${EndIf}
  !insertmacro MUI_HEADER_TEXT "Who works with it?" "Daily work needs no administrator."
  nsDialogs::Create 1018
  Pop $0
  ${NSD_CreateLabel} 0 0 100% 24u "This person sees the queue, changes settings, and starts and stops the service. Give the name used for signing in to Windows:"
  Pop $0
  ${NSD_CreateText} 0 28u 100% 13u "$User"
  Pop $UserField
  ${NSD_CreateLabel} 0 48u 100% 40u "Several names have commas between them; a group is good too. With no name, only administrators can work with it. More people later: smtp-gateway access add NAME."
  Pop $0
  ${NSD_SetFocus} $UserField
  nsDialogs::Show
FunctionEnd

Function takePerson
  ${NSD_GetText} $UserField $User
  ${If} $User == ""
    Return
  ${EndIf}
  StrCpy $R1 "$User,"
  StrCpy $R2 ""
  ${Do} ; each name up to a comma
    StrCpy $R3 $R1 1
    StrCpy $R1 $R1 "" 1
    ${If} $R3 == ","
      Call checkName
      StrCpy $R2 ""
    ${ElseIf} $R3 == " "
    ${AndIf} $R2 == ""
    ${Else}
      StrCpy $R2 "$R2$R3"
    ${EndIf}
  ${LoopUntil} $R1 == ""
FunctionEnd

Function checkName
  ${If} $R2 == ""
    Return
  ${EndIf}
  System::Call 'advapi32::LookupAccountNameW(p 0, w R2, p 0, *i 0, p 0, *i 0, *i .r3) i .r0 ?e'
  Pop $0
  ${If} $0 <> 122 ; known, as it only wants more room for the answer
    MessageBox MB_OK|MB_ICONEXCLAMATION "There is nobody called $R2 on this computer or in its domain. Write the name as it is used for signing in, for example SCHOOL\m.lee."
    Abort
  ${EndIf}
FunctionEnd

; breakOff leaves everything as it was: the programs of before, running if they ran, or nothing at all.
Function breakOff
  !insertmacro PutBack smtp-gateway-manager 1
  !insertmacro PutBack smtp-gateway 2
  StrCpy $Cleared 0
  ${If} ${FileExists} "$INSTDIR\smtp-gateway.exe"
    ${Program} "$INSTDIR\smtp-gateway.exe" "setup resume"
    Return
  ${EndIf}
  Delete "$INSTDIR\copyright.txt"
  Delete "$INSTDIR\licences.txt"
  Delete "$INSTDIR\uninstall.exe"
  SetOutPath "$TEMP"
  RMDir "$INSTDIR"
FunctionEnd

; A file that could not be written, as on a full disk, ends here.
Function .onInstFailed
  Call breakOff
FunctionEnd

; All that takes room on the disk comes first; what follows cannot fail for want of it.
Section "SMTP Gateway"
  SetOutPath "$INSTDIR"
  SetDetailsPrint both
  File "/oname=smtp-gateway-new.exe" "${FILES}\smtp-gateway.exe"
  File "/oname=smtp-gateway-manager-new.exe" "${FILES}\smtp-gateway-manager.exe"
  File "${FILES}\copyright.txt"
  File "${FILES}\licences.txt"
  ClearErrors
  WriteUninstaller "$INSTDIR\uninstall.exe"
  ${If} ${Errors}
    !insertmacro Blocked uninstall
  ${EndIf}
  DetailPrint "Stopping the service, if it runs"
  ${Do}
    StrCpy $R1 ""
    ${If} ${Silent}
      StrCpy $R1 "--anyway"
    ${EndIf}
    ${Program} "$INSTDIR\smtp-gateway-new.exe" 'setup before --dir "$INSTDIR" $R1'
    ${If} $0 == 0
      ${Break}
    ${EndIf}
    ${IfNot} ${Cmd} `MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "$Said" /SD IDCANCEL IDRETRY`
      Call breakOff
      SetErrorLevel ${IN_THE_WAY}
      Abort
    ${EndIf}
  ${Loop}

  ; Both or neither: a newer window changes the database, which an older service would refuse.
  !insertmacro Clear smtp-gateway-manager
  !insertmacro Clear smtp-gateway
  !insertmacro Replace smtp-gateway-manager
  !insertmacro Replace smtp-gateway
  Delete /REBOOTOK "$INSTDIR\smtp-gateway-manager.exe.old"
  Delete /REBOOTOK "$INSTDIR\smtp-gateway.exe.old"

  CreateDirectory "$SMPROGRAMS\SMTP Gateway"
  CreateShortCut "$SMPROGRAMS\SMTP Gateway\SMTP Gateway Manager.lnk" "$INSTDIR\smtp-gateway-manager.exe"
  CreateShortCut "$SMPROGRAMS\SMTP Gateway\SMTP Gateway Manager (without OpenGL).lnk" "$INSTDIR\smtp-gateway-manager.exe" "--software"
  CreateShortCut "$SMPROGRAMS\SMTP Gateway\SMTP Gateway command line.lnk" "$SYSDIR\cmd.exe" '/k cd /d "$INSTDIR" && smtp-gateway --help' "$INSTDIR\smtp-gateway.exe"

  WriteRegStr HKLM "${OWN_KEY}" "Installer" "setup"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayName" "SMTP Gateway"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "DisplayIcon" "$INSTDIR\smtp-gateway-manager.exe"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "Publisher" "${PUBLISHER}"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKLM "${UNINSTALL_KEY}" "UninstallString" '"$INSTDIR\uninstall.exe"'
  WriteRegStr HKLM "${UNINSTALL_KEY}" "QuietUninstallString" '"$INSTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "EstimatedSize" ${SIZE}
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoModify" 1
  WriteRegDWORD HKLM "${UNINSTALL_KEY}" "NoRepair" 1

  DetailPrint "Setting up the service"
  ${Program} "$INSTDIR\smtp-gateway.exe" 'install --user "$User" --settings "$Settings"'
  ${If} $0 <> 0
  ${OrIf} $0 == "error"
    SetErrorLevel ${INCOMPLETE}
    MessageBox MB_OK|MB_ICONEXCLAMATION "The programs are on the computer, but not everything could be set up:$\r$\n$\r$\n$Said" /SD IDOK
  ${EndIf}
SectionEnd


; openWindow has the desktop open it: setup runs as an administrator, and the window shall not.
Function openWindow
  Exec '"$WINDIR\explorer.exe" "$INSTDIR\smtp-gateway-manager.exe"'
FunctionEnd

Function un.onInit
  !insertmacro ReadCommandLine
  !insertmacro OnlyOne
FunctionEnd

Section "Uninstall"
  ${IfNot} ${Silent}
    MessageBox MB_YESNO|MB_ICONQUESTION|MB_DEFBUTTON2 "Shall messages, settings, patrons and passwords be deleted too?$\r$\n$\r$\nWith No they stay, for whoever installs SMTP Gateway again." IDNO keep
    MessageBox MB_YESNO|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "Everything is deleted for good: what waits to be sent, what was sent, patrons, loans, letters, settings, passwords, and files in the folder for mail. Really?" IDNO keep
    StrCpy $Purge 1
    keep:
  ${EndIf}
  ${Program} "$INSTDIR\smtp-gateway.exe" "setup remove --purge $Purge"
  ${If} $0 <> 0
  ${OrIf} $0 == "error"
    SetErrorLevel ${IN_THE_WAY}
    MessageBox MB_YESNO|MB_ICONEXCLAMATION "$Said$\r$\n$\r$\nRemove the programs all the same?" /SD IDNO IDYES go
    ${Program} "$INSTDIR\smtp-gateway.exe" "setup resume"
    Abort
    go:
    SetErrorLevel 0
  ${EndIf}
  Delete /REBOOTOK "$INSTDIR\smtp-gateway.exe"
  Delete /REBOOTOK "$INSTDIR\smtp-gateway-manager.exe"
  Delete /REBOOTOK "$INSTDIR\smtp-gateway.exe.old"
  Delete /REBOOTOK "$INSTDIR\smtp-gateway-manager.exe.old"
  Delete "$INSTDIR\smtp-gateway-new.exe"
  Delete "$INSTDIR\smtp-gateway-manager-new.exe"
  Delete "$INSTDIR\copyright.txt"
  Delete "$INSTDIR\licences.txt"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  Delete "$SMPROGRAMS\SMTP Gateway\SMTP Gateway Manager.lnk"
  Delete "$SMPROGRAMS\SMTP Gateway\SMTP Gateway Manager (without OpenGL).lnk"
  Delete "$SMPROGRAMS\SMTP Gateway\SMTP Gateway command line.lnk"
  RMDir "$SMPROGRAMS\SMTP Gateway"
  DeleteRegKey HKLM "${UNINSTALL_KEY}"
  DeleteRegKey HKLM "${OWN_KEY}"
SectionEnd
