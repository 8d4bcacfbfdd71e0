terraform import zones_record.www example.com/rec-000001
