/** The values of contexts, as the kernel sees them. */
@org.jspecify.annotations.NullMarked
package dev.lariat.internal.context;
