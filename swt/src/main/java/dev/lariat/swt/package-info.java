/** Lariat on SWT: {@link dev.lariat.swt.Swt} is what an application uses. */
@org.jspecify.annotations.NullMarked
package dev.lariat.swt;
