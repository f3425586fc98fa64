/**
 * The write-ahead log of a streaming query: what was planned, what was committed, which state
 * changed, which snapshots exist.
 *
 * <p>A checkpoint directory holds {@code LOCK}, {@code wal/} and whatever files the entries name.
 * Below {@code wal/} stand <em>segments</em>, one directory each, named by the sequence number of
 * its first record. A segment is a Chronicle Queue of one file, written by one {@link
 * WriteAheadLog} of one process and never opened for writing again: opening a checkpoint always
 * starts a new segment behind the last intact record. So a queue left behind by a killed process or
 * a power failure is only ever <em>read</em>, by {@code SegmentScanner}, which trusts nothing but
 * its own checksums and cannot block on locks, headers or indexes that the dead process left
 * half-written.
 *
 * <p>Imports: the JDK, Chronicle Queue (to write), picocli (the command). Knows nothing of plans,
 * operators or Arrow's vector classes: payloads are bytes, offsets are text.
 */
@NullMarked
package io.arrowmill.wal;

import org.jspecify.annotations.NullMarked;
