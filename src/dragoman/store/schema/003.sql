-- What a large register is gone through for with each batch is made smaller.
--
-- Blocks: on which days an account may lie, beside its blocks: who lies on other days is not compared. NULL, as with what was read before
-- this step, leaves it to the comparison, which comes to the same; `dragoman rebuild` fills it in.

ALTER TABLE blocks ADD COLUMN first INTEGER;   -- ordinal days between which the act must lie
ALTER TABLE blocks ADD COLUMN last INTEGER;
ALTER TABLE blocks ADD COLUMN reach INTEGER;   -- days apart from which it and one no more patient are two acts

ALTER TABLE bands ALTER band SET DATA TYPE UINTEGER USING (band >> 32)::UINTEGER;
