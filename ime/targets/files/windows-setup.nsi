; The installer of one keyboard layout. makensis -DKIND=x64 or -DKIND=x86; the rest is filled in.
;
; It copies the layout's DLLs, enters the layout in the registry under a number that is free, adds it to the keyboards of
; whoever runs it, and writes down what it did, so that the uninstaller takes back exactly that. Texts are Vietnamese on a
; Vietnamese Windows and English on others. /S runs it without windows.

Unicode true
!if ${KIND} == x64
  Target amd64-unicode
!else
  Target x86-unicode
!endif
!include LogicLib.nsh
!include x64.nsh

Name "@TITLE@"
OutFile "${OUT}"
RequestExecutionLevel admin
SetCompressor /SOLID lzma
SetDateSave off
ManifestSupportedOS all
ShowInstDetails show
ShowUninstDetails show
BrandingText "@HOUSE@"
Page instfiles
UninstPage uninstConfirm
UninstPage instfiles

LoadLanguageFile "${NSISDIR}/Contrib/Language files/English.nlf"
LoadLanguageFile "${NSISDIR}/Contrib/Language files/Vietnamese.nlf"
!define EN 1033
!define VI 1066
LangString ARM ${EN} "Windows on ARM processors takes other layouts than this one. Use the Keyman package."
LangString ARM ${VI} "Windows trên máy dùng bộ xử lý ARM không nhận bố cục này. Hãy dùng gói Keyman."
LangString BITS ${EN} "This is the installer for 32-bit Windows. On this computer run @ID@.exe."
LangString BITS ${VI} "Đây là bộ cài cho Windows 32 bit. Trên máy này hãy chạy @ID@.exe."
LangString NO_ID ${EN} "No number is free for another keyboard layout; remove one that is not used."
LangString NO_ID ${VI} "Không còn số trống cho bố cục bàn phím mới; hãy gỡ một bố cục không dùng nữa."
LangString NO_COPY ${EN} "A file could not be written. Nothing was installed."
LangString NO_COPY ${VI} "Không ghi được tệp. Chưa cài gì cả."
LangString ENTERED ${EN} "Keyboard layout entered in the registry:"
LangString ENTERED ${VI} "Đã ghi bố cục bàn phím vào registry:"
LangString ADDED ${EN} "Added to your keyboards. Sign out and in again, then press the Windows key and the space bar."
LangString ADDED ${VI} "Đã thêm vào các bàn phím của bạn. Đăng xuất rồi đăng nhập lại, sau đó nhấn phím Windows và phím cách."
LangString TO_ADD ${EN} "Sign out and in again, then add it: Settings, Time & language, Language, Options, Add a keyboard."
LangString TO_ADD ${VI} "Đăng xuất rồi đăng nhập lại, rồi thêm: Cài đặt, Thời gian và ngôn ngữ, Ngôn ngữ, Tùy chọn, Thêm bàn phím."
LangString REMOVED ${EN} "Removed. Sign out and in again."
LangString REMOVED ${VI} "Đã gỡ. Đăng xuất rồi đăng nhập lại."

!define LAYOUTS "SYSTEM\CurrentControlSet\Control\Keyboard Layouts"
!define REMOVAL "Software\Microsoft\Windows\CurrentVersion\Uninstall\nhasan-@ID@"
!define MARK "Nhasan Keyboard" ; the value by which our layouts are known
!define DLL "@DLL@"

Var Key      ; the layout's number, a subkey of LAYOUTS
Var LayoutId ; the second number that Windows wants of it
Var Old      ; the DLL of an earlier version

!macro Setup un oninit
; Look for our layout: its number in Key, its DLL in Old; both empty if there is none.
Function ${un}Find
  StrCpy $Key ""
  StrCpy $Old ""
  StrCpy $0 0
  ${Do}
    EnumRegKey $1 HKLM "${LAYOUTS}" $0
    ${If} $1 == ""
      ${ExitDo}
    ${EndIf}
    ReadRegStr $2 HKLM "${LAYOUTS}\$1" "${MARK}"
    ${If} $2 == "@ID@"
      StrCpy $Key $1
      ReadRegStr $Old HKLM "${LAYOUTS}\$1" "Layout File"
      ${ExitDo}
    ${EndIf}
    IntOp $0 $0 + 1
  ${Loop}
FunctionEnd

; Delete the DLL named on the stack, at the next start if it is in use.
Function ${un}Remove
  Pop $0
  ${If} $0 != ""
    Delete /REBOOTOK "$SYSDIR\$0"
    !if ${KIND} == x64
      Delete /REBOOTOK "$WINDIR\SysWOW64\$0"
    !endif
  ${EndIf}
FunctionEnd

Function ${oninit}
  SetShellVarContext all
  !if ${KIND} == x64
    SetRegView 64
  !endif
FunctionEnd
!macroend
!insertmacro Setup "" .onInit
!insertmacro Setup un. un.onInit

; The first number a000….@LOCALE@ that no layout has.
Function FreeKey
  StrCpy $0 0
  ${Do}
    IntFmt $Key "a%03x@LOCALE@" $0
    ClearErrors
    ReadRegStr $1 HKLM "${LAYOUTS}\$Key" "Layout File"
    ${If} ${Errors}
      Return
    ${EndIf}
    IntOp $0 $0 + 1
  ${LoopUntil} $0 > 0xfff
  Call NoId
FunctionEnd

; The first layout id from 00c0 that no layout has.
Function FreeId
  StrCpy $0 0xc0
  ${Do}
    IntFmt $LayoutId "%04x" $0
    StrCpy $1 0
    ${Do}
      EnumRegKey $2 HKLM "${LAYOUTS}" $1
      ${If} $2 == ""
        Return
      ${EndIf}
      ReadRegStr $3 HKLM "${LAYOUTS}\$2" "Layout Id"
      ${If} $3 == $LayoutId
        ${ExitDo}
      ${EndIf}
      IntOp $1 $1 + 1
    ${Loop}
    IntOp $0 $0 + 1
  ${LoopUntil} $0 > 0xfff
  Call NoId
FunctionEnd

Function NoId
  MessageBox MB_ICONSTOP "$(NO_ID)" /SD IDOK
  Abort "$(NO_ID)"
FunctionEnd

Section
  ${If} ${IsNativeARM64}
    MessageBox MB_ICONSTOP "$(ARM)" /SD IDOK
    Abort "$(ARM)"
  ${EndIf}
  !if ${KIND} == x86
    ${If} ${RunningX64}
      MessageBox MB_ICONSTOP "$(BITS)" /SD IDOK
      Abort "$(BITS)"
    ${EndIf}
  !endif
  Call Find
  ${If} $Key == ""
    Call FreeKey
    Call FreeId
  ${Else}
    ReadRegStr $LayoutId HKLM "${LAYOUTS}\$Key" "Layout Id"
  ${EndIf}

  ; The name of a DLL is made from what is in it: one that is there already is the same, and perhaps in use.
  SetOverwrite try
  SetOutPath "$SYSDIR"
  !if ${KIND} == x64
    File "x64/${DLL}"
    SetOutPath "$WINDIR\SysWOW64"
    File "wow64/${DLL}"
  !else
    File "x86/${DLL}"
  !endif
  ${IfNot} ${FileExists} "$SYSDIR\${DLL}"
    MessageBox MB_ICONSTOP "$(NO_COPY)" /SD IDOK
    Abort "$(NO_COPY)"
  ${EndIf}

  WriteRegStr HKLM "${LAYOUTS}\$Key" "Layout File" "${DLL}"
  WriteRegStr HKLM "${LAYOUTS}\$Key" "Layout Text" "@TITLE@"
  WriteRegStr HKLM "${LAYOUTS}\$Key" "Layout Id" "$LayoutId"
  WriteRegStr HKLM "${LAYOUTS}\$Key" "Layout Locale Name" "@TAG@"
  WriteRegStr HKLM "${LAYOUTS}\$Key" "${MARK}" "@ID@"
  DetailPrint "$(ENTERED) HKLM\${LAYOUTS}\$Key"
  ${If} $Old != "${DLL}"
    Push $Old
    Call Remove
  ${EndIf}

  StrCpy $0 "$PROGRAMFILES"
  !if ${KIND} == x64
    StrCpy $0 "$PROGRAMFILES64"
  !endif
  SetOutPath "$0\Nha San Keyboards\@ID@"
  WriteUninstaller "$OUTDIR\uninstall.exe"
  WriteRegStr HKLM "${REMOVAL}" "DisplayName" "@TITLE@"
  WriteRegStr HKLM "${REMOVAL}" "DisplayVersion" "@VERSION@"
  WriteRegStr HKLM "${REMOVAL}" "Publisher" "@HOUSE@"
  WriteRegStr HKLM "${REMOVAL}" "URLInfoAbout" "@ADDRESS@"
  WriteRegStr HKLM "${REMOVAL}" "UninstallString" '"$OUTDIR\uninstall.exe"'
  WriteRegStr HKLM "${REMOVAL}" "QuietUninstallString" '"$OUTDIR\uninstall.exe" /S'
  WriteRegDWORD HKLM "${REMOVAL}" "NoModify" 1
  WriteRegDWORD HKLM "${REMOVAL}" "NoRepair" 1

  System::Call 'input::InstallLayoutOrTip(w "@LOCALE@:$Key", i 0) i.r0'
  ${If} $0 = 1
    DetailPrint "$(ADDED)"
    MessageBox MB_ICONINFORMATION "$(ADDED)" /SD IDOK
  ${Else}
    DetailPrint "$(TO_ADD)"
    MessageBox MB_ICONINFORMATION "$(TO_ADD)" /SD IDOK
  ${EndIf}
SectionEnd

Section Uninstall
  ${Do}
    Call un.Find
    ${If} $Key == ""
      ${ExitDo}
    ${EndIf}
    System::Call 'input::InstallLayoutOrTip(w "@LOCALE@:$Key", i 1)' ; ILOT_UNINSTALL
    DeleteRegKey HKLM "${LAYOUTS}\$Key"
    DetailPrint "- HKLM\${LAYOUTS}\$Key"
    Push $Old
    Call un.Remove
  ${Loop}
  DeleteRegKey HKLM "${REMOVAL}"
  Delete "$INSTDIR\uninstall.exe"
  RMDir "$INSTDIR"
  RMDir "$INSTDIR\.."
  DetailPrint "$(REMOVED)"
SectionEnd
