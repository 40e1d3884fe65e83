/** What the kernel's parts share. Not exported. */
@org.jspecify.annotations.NullMarked
package dev.lariat.internal;
