/** The demo: a directory tree, scanned by many tasks on one thread. Start reading at Scan. */
@org.jspecify.annotations.NullMarked
package dev.lariat.cli.demo;
