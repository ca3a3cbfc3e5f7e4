/* Loads a keyboard layout DLL as Windows does for programs and writes what its tables say, one fact on each line.
 *
 * Compiled and run by hand: see windows_in_wine.py. The structures are written here once more, in C, so that how a C
 * compiler lays them out is held against what our assembler source says.
 */

#include <stdio.h>
#include <windows.h>

typedef struct { BYTE key, bits; } Bit;
typedef struct { Bit *bits; WORD most; BYTE columns[]; } Modifiers;
typedef struct { BYTE key, attributes; WCHAR units[]; } Characters;
typedef struct { Characters *first; BYTE columns, size; } Table;
typedef struct { DWORD both; WCHAR composed; USHORT flags; } Dead;
typedef struct { BYTE scan; USHORT key; } Scan;
typedef struct { BYTE scan; LPWSTR name; } Name;
typedef struct { BYTE key; WORD column; WCHAR units[]; } Ligature;
typedef struct {
    Modifiers *modifiers;
    Table *characters;
    Dead *dead;
    Name *names, *names_extended;
    LPWSTR *names_dead;
    USHORT *scan;
    BYTE scan_size;
    Scan *scan_e0, *scan_e1;
    DWORD flags;
    BYTE ligature_most, ligature_size;
    Ligature *ligatures;
    DWORD type, sub_type;
} Layout;

int wmain(int count, wchar_t **arguments)
{
    HMODULE library = LoadLibraryW(arguments[1]);
    if (count != 2 || !library) return 2;
    Layout *(*descriptor)(void) = (Layout *(*)(void))(void *)GetProcAddress(library, (LPCSTR)1);
    if (!descriptor) return 3;
    Layout *layout = descriptor();
    printf("flags %08lx %lu\n", layout->flags, layout->type);
    for (unsigned mask = 0; mask <= layout->modifiers->most; mask++)
        printf("column %u %u\n", mask, layout->modifiers->columns[mask]);
    for (unsigned code = 0; code < layout->scan_size; code++) printf("scan %02x %04x\n", code, layout->scan[code]);
    for (Scan *each = layout->scan_e0; each->key; each++) printf("e0 %02x %04x\n", each->scan, each->key);
    for (Scan *each = layout->scan_e1; each->key; each++) printf("e1 %02x %04x\n", each->scan, each->key);
    for (Table *table = layout->characters; table->first; table++)
        for (Characters *row = table->first; row->key; row = (Characters *)((BYTE *)row + table->size)) {
            printf("key %02x %u", row->key, row->attributes);
            for (unsigned column = 0; column < table->columns; column++) printf(" %04x", row->units[column]);
            printf("\n");
        }
    for (Dead *each = layout->dead; each && each->both; each++)
        printf("dead %08lx %04x %u\n", each->both, each->composed, each->flags);
    Ligature *ligature = layout->ligatures;
    for (; ligature && ligature->key; ligature = (Ligature *)((BYTE *)ligature + layout->ligature_size)) {
        printf("ligature %02x %u", ligature->key, ligature->column);
        for (unsigned unit = 0; unit < layout->ligature_most; unit++) printf(" %04x", ligature->units[unit]);
        printf("\n");
    }
    for (Name *each = layout->names; each->scan; each++) printf("name %02x %ls\n", each->scan, each->name);
    for (LPWSTR *each = layout->names_dead; each && *each; each++) printf("name-dead %04x\n", (*each)[0]);
    return 0;
}
