/** Where Netty ends and a loop of ours begins. */
@org.jspecify.annotations.NullMarked
package dev.lariat.net.internal;
