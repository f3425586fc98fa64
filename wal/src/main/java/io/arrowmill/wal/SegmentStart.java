package io.arrowmill.wal;

/**
 * First record of a segment. It repeats the identity, so that older segments can be deleted.
 *
 * @param previousEnd where the data of the segment before ends, in bytes from the start of its
 *     file: what stands behind was dropped when this segment was started; 0 if this is the first
 */
record SegmentStart(CheckpointIdentity identity, long previousEnd) {}
