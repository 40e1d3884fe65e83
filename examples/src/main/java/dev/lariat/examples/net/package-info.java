/** Programs for the command line: networking and subprocesses. */
@org.jspecify.annotations.NullMarked
package dev.lariat.examples.net;
