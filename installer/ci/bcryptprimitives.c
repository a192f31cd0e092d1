/*
 * Stands in for a library of Windows that Wine 8 does not have and that every Go program asks for random bytes.
 * For tests under Wine only: it is never shipped.
 */
#include <windows.h>

/* The older name of the same source: RtlGenRandom of advapi32. */
BOOLEAN NTAPI SystemFunction036(PVOID buffer, ULONG length);

__declspec(dllexport) BOOL WINAPI ProcessPrng(BYTE *buffer, SIZE_T length)
{
	const SIZE_T most = 1 << 20; /* a ULONG cannot hold every SIZE_T */
	while (length > 0) {
		ULONG part = (ULONG)(length < most ? length : most);
		if (!SystemFunction036(buffer, part))
			return FALSE;
		buffer += part;
		length -= part;
	}
	return TRUE;
}
